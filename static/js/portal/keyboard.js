// The portal by keyboard: "?" helps, "/" searches, j and k walk the rows, g and a letter goes to a page.
{
  const PLACES = { t: "today", i: "inbox", c: "cars" };
  let going = false;
  const typing = (target) => target.matches("input, textarea, select, [contenteditable]") && !target.matches("[type=checkbox], [type=radio]");
  const names = () => [...document.querySelectorAll("[data-rows] .name")];
  const walk = (by) => {
    const all = names();
    const at = all.findIndex((name) => name.closest("tr, li")?.contains(document.activeElement));
    all[Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  };
  const keys = {
    "?": () => document.getElementById("keys")?.showModal(),
    "/": () => document.querySelector("[data-find]")?.focus(),
    j: () => walk(1),
    k: () => walk(-1),
  };
  const go = (key) => {
    const link = document.querySelector(`[data-place="${PLACES[key]}"]`);
    if (link) location.assign(link.href);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog:modal")) return;
    if (going) go(event.key);
    else if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
    going = event.key === "g" && !going;
  });
}
