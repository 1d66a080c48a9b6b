// The bar at a phone's bottom edge hides while the form it leads to is in view.
{
  for (const bar of document.querySelectorAll("[data-hides-for]")) {
    const form = document.getElementById(bar.dataset.hidesFor);
    if (form) new IntersectionObserver(([entry]) => bar.toggleAttribute("data-away", entry.isIntersecting), { rootMargin: "0px 0px -30%" }).observe(form);
  }
}
