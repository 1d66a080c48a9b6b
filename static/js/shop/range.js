// Two thumbs over a histogram. They only fill the two number fields below, which are the real controls.
{
  const start = (range) => {
    if (range.querySelector("input")) return;
    const fields = [...range.parentElement.querySelectorAll("input[type=number]")];
    const [low, high, step] = ["low", "high", "step"].map((name) => Number(range.dataset[name]));
    const bounds = [low, high];
    const value = (at) => (fields[at].value === "" ? bounds[at] : Math.min(Math.max(Number(fields[at].value), low), high));
    const thumbs = fields.map((field, at) => {
      const thumb = Object.assign(document.createElement("input"), { type: "range", min: low, max: high, step });
      thumb.value = value(at);
      thumb.setAttribute("aria-label", field.closest("fieldset").querySelector("legend").textContent + ": " + field.labels[0].textContent.trim());
      range.append(thumb);
      return thumb;
    });
    const draw = () => {
      const [from, to] = thumbs.map((thumb) => Number(thumb.value));
      const share = (number) => (100 * (number - low)) / (high - low);
      const reach = range.querySelector(".reach");
      reach.setAttribute("x", `${share(from)}%`);
      reach.setAttribute("width", `${Math.max(share(to) - share(from), 0)}%`);
      range.querySelectorAll(".bar").forEach((bar) => {
        const x = parseFloat(bar.getAttribute("x"));
        bar.classList.toggle("in", x + parseFloat(bar.getAttribute("width")) > share(from) && x < share(to));
      });
    };
    thumbs.forEach((thumb, at) => {
      thumb.addEventListener("input", () => {
        thumb.value = at ? Math.max(thumb.value, thumbs[0].value) : Math.min(thumb.value, thumbs[1].value);
        fields[at].value = Number(thumb.value) === bounds[at] ? "" : thumb.value;
        draw();
      });
      thumb.addEventListener("change", () => fields[at].dispatchEvent(new Event("change", { bubbles: true })));
      fields[at].addEventListener("input", () => { thumb.value = value(at); draw(); });
    });
  };

  const all = () => document.querySelectorAll("[data-range]").forEach(start);
  document.addEventListener("htmx:after:swap", all);
  all();
}
