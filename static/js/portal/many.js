// Choosing rows: how many are chosen, all of the page at once, a stretch of them with Shift; menus that close by themselves.
{
  const boxes = () => [...document.querySelectorAll("input[form=many]")];
  let last = null;
  const say = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    for (const box of boxes()) box.closest("tr")?.classList.toggle("picked", box.checked);
    for (const words of document.querySelectorAll("[data-chosen]")) words.textContent = words.dataset.chosen.replace("#", chosen);
    for (const all of document.querySelectorAll("[data-all]")) {
      all.checked = chosen > 0 && chosen === boxes().length;
      all.indeterminate = chosen > 0 && !all.checked;
    }
  };

  addEventListener("pageshow", say); // what was chosen before the page was left, or refused, is chosen still
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
    if (event.target.matches("[data-all], input[form=many]")) say();
  });
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box.matches?.("input[form=many]")) {
      const all = boxes();
      if (event.shiftKey && last && all.includes(last)) {
        const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
        for (const between of all.slice(from, to + 1)) between.checked = box.checked;
        say();
      }
      last = box;
    }
    for (const menu of document.querySelectorAll("[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
  });
}
