// The portal by keyboard: "?" helps, "/" searches, j and k walk the rows, g and a letter goes to a page, and every
// control that says data-key="e" is one key away: a button is pressed, a field takes the focus, a menu opens.
{
  const PLACES = { t: "today", i: "inbox", b: "board", c: "cars", p: "people", r: "reports" };
  const ON_THE_LEAD = { c: "call-outcome", n: "note-text", t: "task-text", r: "mail-text" }; // from a row
  let going = false;
  const typing = (target) => target.matches("input, textarea, select, [contenteditable]") && !target.matches("[type=checkbox], [type=radio]");
  const rows = () => [...document.querySelectorAll("[data-rows] .name")];
  const row = () => document.activeElement.closest?.("[data-rows] :is(tr, li, article)");
  const walk = (by) => {
    const all = rows();
    const at = all.findIndex((name) => name.closest("tr, li, article")?.contains(document.activeElement));
    all[Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
  };
  const shown = (one) => one.checkVisibility({ visibilityProperty: true });
  const panel = (one) => one.closest("[data-panel]");
  const reveal = (one) => {
    const tab = panel(one) && document.querySelector(`[data-tab][value="${panel(one).dataset.panel}"]`);
    if (tab) tab.checked = true;
    const folded = one.closest("details");
    if (folded) folded.open = true;
  };
  const focusIn = (box) => {
    reveal(box);
    const field = box.matches("fieldset, details, div") ? box.querySelector("input:not([type=hidden]), select, textarea, button, a") : box;
    if (field?.type === "radio" && !box.querySelector(":checked")) field.checked = true; // one more key sends it
    field?.focus();
    field?.scrollIntoView({ block: "nearest" });
  };
  const press = (control) => {
    if (control.matches("summary")) {
      control.parentElement.open = true;
      focusIn(control.parentElement);
    } else if (control.matches("a, button")) control.click();
    else focusIn(control);
  };
  // What works on chosen rows works on the row with the cursor when none is chosen.
  const chooseThis = (control) => {
    const box = control.closest("#many") && !document.querySelector("input[form=many]:checked") && row()?.querySelector("input[form=many]");
    if (box) box.click();
  };
  const byKey = (key) => {
    const own = row()?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    return own ?? [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => shown(one) || panel(one));
  };
  // The list of keys comes when somebody first asks for it.
  const help = async (link) => {
    const there = () => document.getElementById("keys");
    const answer = there() ? null : await fetch(link.href, { headers: { "HX-Request-Type": "partial" }, redirect: "manual" }).catch(() => null);
    if (answer?.ok && !there()) document.body.insertAdjacentHTML("beforeend", await answer.text());
    if (there()) there().showModal();
    else location.assign(link.href);
  };
  const keys = {
    "?": () => document.querySelector(".keys-button")?.click(),
    "/": () => document.querySelector("[data-find]")?.focus(),
    j: () => walk(1),
    k: () => walk(-1),
    x: () => row()?.querySelector("input[form=many]")?.click(),
  };
  const act = (key) => {
    const control = byKey(key);
    if (control) {
      chooseThis(control);
      press(control);
      return true;
    }
    const name = ON_THE_LEAD[key] && row()?.querySelector(".name");
    if (name) location.assign(`${name.href}#${ON_THE_LEAD[key]}`);
    else if (keys[key] && (rows().length || !"jkx".includes(key))) keys[key]();
    else return false;
    return true;
  };
  const go = (key) => {
    const link = document.querySelector(`[data-place="${PLACES[key]}"]`);
    if (link) location.assign(link.href);
    return Boolean(link);
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.form) {
      event.preventDefault();
      field.form.requestSubmit(field.form.querySelector(".button:is(.ink, .primary)[type=submit]"));
    }
    if (event.key === "Escape") {
      const menu = field.closest?.("[data-menu][open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else if (typing(field)) field.blur();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(field) || document.querySelector("dialog:modal")) return;
    const was = going;
    going = event.key === "g" && !was;
    if (was ? go(event.key) : act(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".keys-button");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    help(link);
  });

  // What a link names may be in a tab that is not open. After a call was begun, one press says how it went.
  document.addEventListener("click", (event) => {
    const named = event.target.closest('#_lead a[href^="#"]')?.hash.slice(1);
    const field = named && document.getElementById(named);
    if (field && panel(field)) setTimeout(() => focusIn(field));
    const outcome = event.target.closest("[data-calls]") && document.querySelector('[data-key="c"]');
    if (outcome) setTimeout(() => focusIn(outcome), 300);
  });

  // Where the cursor was: who comes back to a list goes on from there. Only for those who work by keyboard.
  const place = () => `row ${location.pathname}`;
  let byKeyboard = false;
  addEventListener("keydown", () => (byKeyboard = true));
  addEventListener("pointerdown", () => (byKeyboard = false));
  addEventListener("pagehide", () => {
    const all = rows();
    const at = all.indexOf(row()?.querySelector(".name"));
    const lead = location.pathname.match(/^\/staff\/leads\/\d+/)?.[0];
    if (byKeyboard && at >= 0) sessionStorage.setItem(place(), `${at} ${new URL(all[at].href).pathname}`);
    else if (byKeyboard && lead) sessionStorage.setItem("row /staff/leads/", `0 ${lead}`);
    else sessionStorage.removeItem(place());
  });
  const [at, path] = (sessionStorage.getItem(place()) ?? "").split(" ");
  if (path && document.activeElement === document.body) {
    const all = rows();
    (all.find((name) => new URL(name.href).pathname === path) ?? all[Math.min(at, all.length - 1)])?.focus();
  }
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && named.matches("input, select, textarea, fieldset")) focusIn(named);
}
