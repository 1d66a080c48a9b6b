// Photos of a car: choosing or dropping files sends them at once, and dragging sorts. The buttons do both as well.
{
  const known = new WeakSet();
  const order = (list) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: list.dataset.sorts, hidden: true });
    for (const photo of list.querySelectorAll("[data-id]")) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "order", value: photo.dataset.id }));
    }
    list.after(form);
    if (list.dataset.sortsIn && window.htmx) {
      // What is typed elsewhere on the page stays there.
      for (const [name, value] of [["post", form.action], ["target", list.dataset.sortsIn], ["swap", "outerHTML"]]) form.setAttribute(`data-hx-${name}`, value);
      htmx.process(form);
    }
    form.requestSubmit();
  };
  const start = (list) => {
    list.querySelectorAll("[data-id]").forEach((photo) => (photo.draggable = true));
    if (known.has(list)) return;
    known.add(list);
    let held = null;
    list.addEventListener("dragstart", (event) => {
      held = event.target.closest("[data-id]");
      held?.classList.add("dragged");
    });
    list.addEventListener("dragover", (event) => {
      const over = event.target.closest("[data-id]");
      if (!held || !over) return;
      event.preventDefault();
      const all = [...list.children];
      if (over !== held) over[all.indexOf(over) > all.indexOf(held) ? "after" : "before"](held);
    });
    list.addEventListener("dragend", () => {
      held?.classList.remove("dragged");
      if (held) order(list);
      held = null;
    });
  };
  const all = () => document.querySelectorAll("[data-sorts]").forEach(start);

  document.addEventListener("dragover", (event) => {
    const drop = event.target.closest?.(".drop");
    document.querySelectorAll(".drop").forEach((one) => one.classList.toggle("over", one === drop));
  });
  document.addEventListener("htmx:after:swap", all);
  all();
}
