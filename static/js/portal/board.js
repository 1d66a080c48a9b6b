// The board: a card dragged to a column it may go to. The server decides; a card stays where it was until it answers.
{
  let card = null; // the id of what is dragged: an answer may put another element in its place meanwhile
  const column = (target) => target.closest?.("[data-board] [data-status]");
  const dragged = () => document.getElementById(card);
  const may = (section) => dragged()?.dataset.goes.split(" ").includes(section.dataset.status);
  const clear = () => document.querySelectorAll("[data-board] .over").forEach((one) => one.classList.remove("over"));
  const letGo = () => {
    dragged()?.classList.remove("dragged");
    card = null;
    clear();
  };

  // As if the menu had a button for that column: what is refused is said as it is for the menu.
  const send = (form, status) => {
    const button = form.querySelector("[data-dropped]") ?? form.appendChild(document.createElement("button"));
    Object.assign(button, { name: "status", value: status, hidden: true });
    button.dataset.dropped = "";
    form.requestSubmit(button);
  };

  document.addEventListener("dragstart", (event) => {
    card = event.target.closest?.("[data-card]")?.id;
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card);
    dragged().classList.add("dragged");
  });
  const over = (event) => {
    const section = column(event.target);
    if (!card || !section) return;
    event.preventDefault(); // also over a column that refuses: it says why
    event.dataTransfer.dropEffect = "move";
    clear();
    if (may(section)) section.classList.add("over");
  };
  document.addEventListener("dragenter", over); // who lets go at once is heard as well
  document.addEventListener("dragover", over);
  document.addEventListener("drop", (event) => {
    const section = column(event.target);
    if (!card || !section) return;
    event.preventDefault();
    const held = dragged();
    letGo(); // here too: of a card that was replaced meanwhile the end of the dragging is not heard
    if (held && !section.contains(held)) send(held.querySelector("form"), section.dataset.status);
  });
  document.addEventListener("dragend", letGo);
}
