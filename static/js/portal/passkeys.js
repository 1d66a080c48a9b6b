// Passkeys: a block asks our server for a question, the device for an answer, and sends that as a form does.
// It is no form itself: without script there is nothing to send.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const make = (asked) => navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: bytes(asked.challenge),
      user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: keys(asked.excludeCredentials),
    },
  });

  const get = (asked) => navigator.credentials.get({
    publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: keys(asked.allowCredentials) },
  });

  const said = (found) => {
    const response = { clientDataJSON: text(found.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (found.response[part]) response[part] = text(found.response[part]);
    }
    return { id: found.id, rawId: text(found.rawId), type: found.type, response };
  };

  const send = (block, credential) => {
    const form = Object.assign(document.createElement("form"), { method: "POST", action: block.dataset.sends });
    const fields = [...block.querySelectorAll("input")].map((each) => [each.name, each.value]);
    for (const [name, value] of [...fields, ["credential", JSON.stringify(credential)]]) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    document.body.append(form);
    form.submit();
  };

  const answer = async (block) => {
    const reply = await fetch(block.dataset.asks, { method: "POST", credentials: "same-origin" });
    if (reply.redirected) return location.assign(reply.url);
    if (!reply.ok) throw new Error(String(reply.status));
    const found = await (block.dataset.passkey === "make" ? make : get)(await reply.json());
    send(block, said(found));
  };

  const begin = (block) => {
    const problem = block.querySelector("[data-problem]");
    problem.hidden = true;
    answer(block).catch(() => { problem.hidden = false; });
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-passkey] button")) begin(event.target.closest("[data-passkey]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-passkey] input")) return;
    event.preventDefault();
    begin(event.target.closest("[data-passkey]"));
  });
})();
