// A toast leaves after six seconds, but not while it is focused or pointed at.
{
  const leave = (toast) => setTimeout(() => (toast.matches(":hover, :focus-within") ? leave(toast) : toast.remove()), 6000);
  const known = new WeakSet();
  const start = () => {
    for (const toast of document.querySelectorAll("[data-toast]")) {
      if (!known.has(toast)) leave(toast);
      known.add(toast);
    }
  };
  document.addEventListener("htmx:after:swap", start);
  start();
}
