// Small comforts of forms. Everything is done by plain HTML as well.
{
  const focus = (root) => root.querySelector?.("[data-focus]")?.focus();
  const show = (box) => {
    const field = document.getElementById(box.dataset.shows);
    if (field) field.type = box.checked ? "text" : "password";
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-shows]")) show(event.target);
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  // A second press while the first is under way sends nothing; the words change only where htmx stays on the page.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.hxPost !== undefined) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));
  document.addEventListener("htmx:after:swap", () => focus(document));
  focus(document);
}
