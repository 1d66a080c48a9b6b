// Two thumbs over a histogram, for mice and fingers. They fill the two number fields below, which are the real controls.
{
  const known = new WeakMap(); // the element that holds the thumbs -> how to draw them again

  const start = (range) => {
    const holder = range.querySelector("[data-kept]");
    if (known.has(holder)) return known.get(holder)();
    const fields = [...range.parentElement.querySelectorAll("input[type=number]")];
    const bounds = [Number(range.dataset.low), Number(range.dataset.high)];
    const [low, high] = bounds;
    const share = (number) => (100 * (number - low)) / (high - low);

    const thumbs = fields.map(() => {
      const thumb = Object.assign(document.createElement("input"), { type: "range", min: low, max: high, step: range.dataset.step });
      thumb.tabIndex = -1;
      thumb.ariaHidden = "true";
      holder.append(thumb);
      return thumb;
    });
    const draw = () => {
      const [from, to] = thumbs.map((thumb) => share(Number(thumb.value)));
      const reach = range.querySelector(".reach");
      reach.setAttribute("x", `${from}%`);
      reach.setAttribute("width", `${Math.max(to - from, 0)}%`);
      for (const bar of range.querySelectorAll(".bar")) {
        const x = parseFloat(bar.getAttribute("x"));
        bar.classList.toggle("in", x + parseFloat(bar.getAttribute("width")) > from && x < to);
      }
    };
    const read = () => {
      thumbs.forEach((thumb, at) => {
        if (thumb !== document.activeElement) thumb.value = fields[at].value === "" ? bounds[at] : fields[at].value;
      });
      draw();
    };
    const moved = (thumb, at) => {
      thumb.value = at ? Math.max(thumb.value, thumbs[0].value) : Math.min(thumb.value, thumbs[1].value);
      fields[at].value = Number(thumb.value) === bounds[at] ? "" : thumb.value;
      draw();
    };
    thumbs.forEach((thumb, at) => {
      thumb.addEventListener("input", () => moved(thumb, at));
      thumb.addEventListener("change", (event) => {
        event.stopPropagation();
        fields[at].dispatchEvent(new Event("change", { bubbles: true }));
      });
      fields[at].addEventListener("input", read);
    });
    known.set(holder, read);
    read();
  };

  const all = () => document.querySelectorAll("[data-range]").forEach(start);
  document.addEventListener("htmx:after:swap", all);
  all();
}
