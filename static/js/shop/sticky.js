// The bar at a phone's bottom edge hides while the form it leads to is in view.
{
  for (const bar of document.querySelectorAll("[data-hides-for]")) {
    const observer = new IntersectionObserver((seen) => bar.toggleAttribute("data-away", seen.at(-1).isIntersecting), { rootMargin: "0px 0px -15%" });
    const watch = () => {
      const form = document.getElementById(bar.dataset.hidesFor);
      observer.disconnect();
      if (form) observer.observe(form);
    };
    watch();
    document.addEventListener("htmx:after:swap", watch); // the form comes in place of what was observed
  }
}
