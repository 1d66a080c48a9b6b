// The form is told which host the visitor came from, so that leads are counted where they began: the host only, kept nowhere.
{
  const host = document.referrer && new URL(document.referrer).host;
  if (host && host !== location.host)
    document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
      if (ctx.sourceElement.id === "inquiry") ctx.request.headers["X-Came-From"] = host;
    });
}
