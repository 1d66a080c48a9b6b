// After htmx has brought new filters, boxes and choices show what the server understood, not what was clicked before.
{
  document.addEventListener("htmx:after:swap", () => {
    for (const box of document.querySelectorAll(".filters [type=checkbox]")) box.checked = box.defaultChecked;
    for (const option of document.querySelectorAll(".sort option")) if (option.defaultSelected) option.selected = true;
  });
}
