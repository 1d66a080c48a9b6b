// A full-page popover on a phone: what lies behind cannot be reached, and sending its form closes it.
{
  const behind = (cover) => [
    ...document.querySelectorAll("header.top, footer.bottom, .skip"),
    ...[...cover.parentElement.children].filter((part) => part !== cover),
  ];
  const close = (cover) => cover.matches(":popover-open") && cover.hidePopover();

  const shut = (event) => {
    if (event.target.matches?.(".cover")) behind(event.target).forEach((part) => (part.inert = event.newState === "open"));
  };

  // What lies behind opens up before the cover goes: the browser then gives the focus back to the button there.
  document.addEventListener("beforetoggle", (event) => event.newState === "closed" && shut(event), true);
  document.addEventListener("toggle", shut, true);
  document.addEventListener("submit", (event) => {
    const cover = event.target.closest(".cover");
    if (cover) setTimeout(() => close(cover));
  });
  matchMedia("(min-width: 1000px)").addEventListener("change", () => document.querySelectorAll(".cover").forEach(close));
}
