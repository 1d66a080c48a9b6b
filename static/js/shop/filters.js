// After htmx has brought new filters, boxes and choices show what the server understood, not what was clicked before.
{
  document.addEventListener("htmx:after:swap", () => {
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
