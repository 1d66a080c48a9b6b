// Tabs that scroll on a narrow screen: the current one is in view when the page opens.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  row.scrollLeft += tab.getBoundingClientRect().right + 12 - row.getBoundingClientRect().right;
}
