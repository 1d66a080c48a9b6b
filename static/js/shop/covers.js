// A full-page popover on a phone: what lies behind cannot be reached, and sending its form closes it.
{
  const behind = (cover) => [...document.querySelectorAll("header.top, footer.bottom, .skip, main > *, .sticky")].filter((part) => !part.contains(cover));
  const closed = (cover) => cover.matches(".cover:popover-open") && cover.hidePopover();

  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".cover")) return;
    const open = event.newState === "open";
    behind(event.target).forEach((part) => (part.inert = open));
    [...event.target.parentElement.children].forEach((part) => part !== event.target && (part.inert = open));
  }, true);
  document.addEventListener("submit", (event) => {
    const cover = event.target.closest(".cover");
    if (cover) setTimeout(() => closed(cover));
  });
  matchMedia("(min-width: 1000px)").addEventListener("change", () => document.querySelectorAll(".cover:popover-open").forEach(closed));
}
