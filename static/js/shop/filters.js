// After htmx has brought new filters, they show what the server understood, not what was clicked or typed before.
{
  let sent = ""; // the text that the awaited answer is about
  const note = () => (sent = document.getElementById("q")?.value);
  document.addEventListener("change", note);
  document.addEventListener("submit", note);
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx.target?.id === "suggestions") return;
    for (const field of document.querySelectorAll(".filters .input")) {
      if (field.id === "q" ? field.value === sent : field !== document.activeElement) field.value = field.defaultValue;
    }
    for (const box of document.querySelectorAll(".filters [type=checkbox]")) box.checked = box.defaultChecked;
    for (const option of document.querySelectorAll(".sort option")) if (option.defaultSelected) option.selected = true;
  });
  // The address changes with the filters; the links to the other languages follow when they are about to be used.
  const follow = ({ target }) => {
    const link = target.closest("a[hreflang]");
    if (link) link.search = location.search;
  };
  document.addEventListener("pointerdown", follow);
  document.addEventListener("focusin", follow);
}
