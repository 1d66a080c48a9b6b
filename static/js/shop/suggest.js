// Suggestions below the search box, by keyboard as in any combobox. Without script there are none, and nothing is missed.
{
  const list = () => document.getElementById("suggestions");
  const isBox = (one) => one?.dataset?.suggests !== undefined;
  const mark = (box, at) => {
    const options = [...list().children];
    options.forEach((one, i) => (one.ariaSelected = i === at));
    box.setAttribute("aria-activedescendant", options[at]?.id ?? "");
    options[at]?.scrollIntoView({ block: "nearest" });
  };
  const close = (box) => {
    list().replaceChildren();
    box.ariaExpanded = false;
    mark(box, -1);
  };
  document.addEventListener("focusin", ({ target }) => {
    if (!isBox(target)) return;
    target.role = "combobox";
    target.ariaAutoComplete = "list";
    target.ariaExpanded = false;
    target.setAttribute("aria-controls", "suggestions");
  });
  document.addEventListener("focusout", ({ target }) => isBox(target) && close(target));
  document.addEventListener("mousedown", (event) => event.target.closest("#suggestions") && event.preventDefault());
  document.addEventListener("htmx:after:swap", () => {
    const box = document.activeElement;
    if (!list()) return;
    if (!isBox(box)) return list().replaceChildren();
    const first = list().firstElementChild;
    box.ariaExpanded = !!first;
    list().nextElementSibling.textContent = first?.dataset.said ?? "";
    mark(box, -1);
  });
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (!isBox(target) || !list().firstElementChild) return;
    const options = [...list().children];
    const at = options.findIndex((one) => one.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) mark(target, ((at + 1 + step + options.length + 1) % (options.length + 1)) - 1);
    else if (key === "Escape") close(target);
    else if (key === "Enter" && at >= 0) options[at].click();
    else return;
    event.preventDefault();
  });
}
