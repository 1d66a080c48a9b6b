// The board: a card dragged to a column it may go to. The server decides; a card stays where it was until it answers.
{
  let card = null;
  const column = (target) => target.closest?.("[data-board] [data-status]");
  const may = (section) => card && section && card.dataset.goes.split(" ").includes(section.dataset.status);
  const clear = () => document.querySelectorAll("[data-board] .over").forEach((one) => one.classList.remove("over"));
  const arm = () => document.querySelectorAll("[data-card]").forEach((one) => (one.draggable = true));

  document.addEventListener("dragstart", (event) => {
    card = event.target.closest?.("[data-card]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.card);
    card.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const section = column(event.target);
    if (!card || !section) return;
    event.preventDefault(); // also over a column that refuses: it says why
    event.dataTransfer.dropEffect = "move";
    clear();
    if (may(section)) section.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const section = column(event.target);
    if (!card || !section) return;
    event.preventDefault();
    const form = card.querySelector("form");
    if (!section.contains(card)) {
      htmx.ajax("POST", form.action, { target: "#_board", swap: "outerMorph", values: { status: section.dataset.status } });
    }
  });
  document.addEventListener("dragend", () => {
    card?.classList.remove("dragged");
    card = null;
    clear();
  });
  document.addEventListener("htmx:after:swap", arm);
  arm();
}
