// Favourites, the cars seen last and those compared last: kept in this browser only, as the last parts of their addresses.
{
  const MOST = { saved: 99, seen: 7, compared: 4 };
  const find = (selector) => document.querySelector(selector);
  const link = find("[data-saves]");
  let kept = {};
  // Where a browser forbids it, things are kept for this page.
  try { kept = localStorage; } catch {}

  const read = (name) => (kept[name] || "").split(" ").filter(Boolean);
  const write = (name, cars) => (kept[name] = cars.slice(-MOST[name]).join(" "));
  const without = (name, car) => read(name).filter((each) => each !== car);
  const query = (cars) => "?" + new URLSearchParams(cars.map((car) => ["car", car]));
  // htmx, which starts later, does the rest.
  const load = (place, path, cars) => (place.dataset.hxGet = path + query(cars));

  const paint = () => {
    for (const card of document.querySelectorAll(".card:not(:has(.heart))")) {
      const car = card.querySelector("a");
      const heart = document.createElement("button");
      heart.type = "button";
      heart.className = "heart";
      heart.ariaLabel = link.dataset.saves.replace("%", car.textContent);
      heart.dataset.heart = car.pathname.split("/").pop();
      heart.append(link.firstElementChild.cloneNode(true));
      card.append(heart);
    }
    const saved = read("saved");
    link.querySelector("b").textContent = saved.length || "";
    for (const heart of document.querySelectorAll("[data-heart]")) heart.ariaPressed = saved.includes(heart.dataset.heart);
  };

  document.addEventListener("click", ({ target }) => {
    const car = target.closest("[data-heart]")?.dataset.heart;
    if (car) {
      write("saved", read("saved").includes(car) ? without("saved", car) : [...read("saved"), car]);
      paint();
    }
    if (target.closest("[data-print]")) print();
    if (target.closest("[data-forget]")) {
      write("seen", []);
      target.closest("section").remove();
      find("main").focus();
    }
  });

  // The window sheet has no header, and no favourites.
  if (link) {
    setTimeout(paint); // after the first layout: in one go with it, a slow phone would not answer a touch meanwhile
    addEventListener("storage", paint);
    addEventListener("pageshow", paint);
    // Until now the number was news to nobody; from here on it changes because somebody pressed a heart.
    link.lastElementChild.ariaLive = "polite";

    const own = find("[data-own]");
    if (own && read("saved")[0]) load(own, link.pathname, read("saved").reverse());
    else if (own) own.querySelector("[hidden]").hidden = false;
    document.addEventListener("htmx:after:swap", () => {
      // What the list has lost is forgotten here, too.
      if (own?.querySelector("form")) write("saved", [...own.querySelectorAll("[name=car]")].map((box) => box.value).reverse());
      paint();
    });
  }

  const here = find("[data-car]")?.dataset.car;
  const others = without("seen", here).reverse().slice(0, 4);
  const seen = others[0] && find("[data-seen]");
  if (seen) {
    seen.hidden = false;
    load(seen.lastElementChild, seen.lastElementChild.dataset.address, others);
  }
  if (here) write("seen", [...without("seen", here), here]);

  const compare = find("[data-compare]");
  const both = [...without("compared", here), here].slice(-4);
  if (compare) {
    if (both[1]) compare.search = query(both);
    // Here already: the next page may be left before it is there.
    compare.addEventListener("click", () => write("compared", both));
  }
  const compared = find("[data-compared]")?.dataset.compared;
  if (compared) write("compared", compared.split(" "));
}
