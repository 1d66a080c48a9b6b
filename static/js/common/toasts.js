// A toast leaves after six seconds, but not while it is focused or pointed at.
{
  const leave = (toast) => setTimeout(() => (toast.matches(":hover, :focus-within") ? leave(toast) : toast.remove()), 6000);
  const start = () => document.querySelectorAll("[data-toast]:not([data-leaving])").forEach((toast) => {
    toast.dataset.leaving = "";
    leave(toast);
  });
  document.addEventListener("htmx:after:swap", start);
  start();
}
