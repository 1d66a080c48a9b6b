// htmx comes once the page is seen: nothing that is visible needs it, and on a slow line it kept the first photo waiting.
{
  const src = document.currentScript.dataset.later;
  const bring = () => document.head.append(Object.assign(document.createElement("script"), { src }));
  if (src) addEventListener("load", () => requestAnimationFrame(() => setTimeout(bring)));
}
