// Small comforts of forms. Everything is done by plain HTML as well.
{
  const focus = (root) => root.querySelector?.("[data-focus]")?.focus();
  let sent = null; // the address of the form whose answer is awaited
  const resume = () => {
    focus(document);
    if (sent === null || document.activeElement !== document.body) return;
    const form = [...document.forms].find((one) => one.getAttribute("action") === sent);
    form?.querySelector("[type=submit]")?.focus();
    sent = null;
  };
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
    if (form.dataset.hxPost !== undefined) sent = form.getAttribute("action");
    if (form.method !== "post" || form.dataset.hxPost !== undefined) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((form) => delete form.dataset.sent));
  // The answer replaces what was pressed: whoever works by keyboard goes on from the same place.
  document.addEventListener("htmx:after:swap", resume);
  focus(document);
}
