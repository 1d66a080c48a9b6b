// Passkeys: a form asks our server for a question, the device for an answer, and sends that as a form does.
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

  const answer = async (form) => {
    const reply = await fetch(form.dataset.asks, { method: "POST", credentials: "same-origin" });
    if (reply.redirected) return location.assign(reply.url);
    if (!reply.ok) throw new Error(String(reply.status));
    const found = await (form.dataset.passkey === "make" ? make : get)(await reply.json());
    form.elements.credential.value = JSON.stringify(said(found));
    form.submit();
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form) return;
    event.preventDefault();
    const problem = form.querySelector("[data-problem]");
    problem.hidden = true;
    answer(form).catch(() => { problem.hidden = false; });
  });
})();
