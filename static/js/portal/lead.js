// The page of a lead is answered whole: what was typed in its other forms stays typed, and the hand stays on the lead.
{
  const TYPED = "#_lead :is(textarea, select, input):not([type=hidden], [type=radio], [type=checkbox], [type=file])";
  const begun = (field) => (field.matches("select") ? !field.selectedOptions[0]?.defaultSelected : field.value !== field.defaultValue);
  let kept = [];
  let sent = null; // the address of the form whose answer comes
  let tab = null; // the one that stays open: that of the form, or the one that was

  document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
    const form = ctx.sourceElement.closest?.("form");
    sent = form?.getAttribute("action");
    tab = form?.closest("[data-panel]")?.dataset.panel ?? document.querySelector("[data-tab]:checked")?.value;
    kept = [...document.querySelectorAll(TYPED)].filter((field) => field.id && field.form !== form && begun(field));
    if (form?.contains(document.activeElement)) document.activeElement.blur(); // who sent a text is done with it: keys work again
  });
  document.addEventListener("htmx:after:swap", () => {
    const lead = document.getElementById("_lead");
    for (const old of kept) {
      const field = document.getElementById(old.id);
      if (!field) continue;
      field.value = old.value;
      const folded = field.closest("details");
      if (folded && old.closest("details")?.open) folded.open = true;
    }
    kept = [];
    tab = document.activeElement.closest("[data-panel]")?.dataset.panel ?? tab; // who was quicker than the answer types on
    const open = document.querySelector(`[data-tab][value="${tab}"]`);
    if (open) open.checked = true;
    if (!lead || document.activeElement !== document.body) return;
    // The button that was pressed may be gone with what it did.
    const form = [...document.forms].find((one) => one.getAttribute("action") === sent);
    const folded = form?.closest("details:not([open])")?.querySelector("summary");
    (folded ?? form?.querySelector(".button[type=submit]:is(.ink, .primary)") ?? form?.querySelector(".button[type=submit]") ?? lead.querySelector("h1")).focus();
  });
}
