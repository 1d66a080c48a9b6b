// From lead to lead in the order of the list they were opened from: the list is remembered as it was seen.
{
  const LIST = "list of leads";
  const rows = [...document.querySelectorAll("[data-rows] .name")].map((name) => name.getAttribute("href"));
  if (rows.length) {
    const remember = () => sessionStorage.setItem(LIST, JSON.stringify({ rows, address: location.pathname + location.search }));
    addEventListener("pagehide", remember);
  }
  const { rows: list = [], address = "" } = JSON.parse(sessionStorage.getItem(LIST) ?? "{}");
  const at = list.indexOf(location.pathname.match(/^\/staff\/leads\/\d+/)?.[0]); // also where a form was refused
  const back = document.querySelector("[data-list]");
  if (back && at >= 0) {
    back.href = address;
    document.querySelector("[data-place-in-list]").textContent = `${at + 1} / ${list.length}`;
    for (const step of document.querySelectorAll("[data-beside]")) {
      const href = list[at + Number(step.dataset.beside)];
      step.hidden = !href;
      if (href) step.href = href;
    }
  }
}
