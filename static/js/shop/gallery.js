// The gallery: thumbs change the large photo, arrows and swipes step, the large photo opens a full view (Esc closes it).
// There a press or + comes closer, and then dragging, scrolling and arrows move about; a press or - goes back.
{
  const SWIPE = 40; // px
  const STEP = 80; // px that an arrow moves a photo seen closely
  const known = new WeakSet();
  const size = (width, ext) => (digest) => `/media/${digest}-${width}.${ext}`;

  const start = (gallery) => {
    const main = gallery.querySelector("[data-main]");
    const thumbs = [...gallery.querySelectorAll("[data-photo]")];
    if (!main || known.has(gallery)) return;
    known.add(gallery);
    const digests = thumbs.length ? thumbs.map((thumb) => thumb.dataset.photo) : [main.pathname.split("/").pop().split("-1600")[0]];
    const counter = gallery.querySelector(".counter");
    let now = 0;
    let from = null;
    let swiped = false;
    let viewer = null;

    const put = (picture, widths) => {
      const digest = digests[now];
      picture.querySelector("source").srcset = widths.map((width) => `${size(width, "webp")(digest)} ${width}w`).join(", ");
      picture.querySelector("img").src = size(widths[0], "jpg")(digest);
      picture.querySelector("img").alt = thumbs[now]?.dataset.alt ?? picture.querySelector("img").alt;
    };
    const go = (index) => {
      now = (index + digests.length) % digests.length;
      put(main.querySelector("picture"), [480, 720, 960, 1600]);
      main.href = size(1600, "jpg")(digests[now]);
      thumbs.forEach((thumb, at) => (at === now ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current")));
      if (counter) counter.textContent = `${now + 1} / ${digests.length}`;
      if (viewer?.open) fill();
    };
    const closer = (on, x = 0.5, y = 0.5) => {
      const box = viewer.lastElementChild;
      box.toggleAttribute("data-close", on);
      viewer.querySelector("[data-zoom]").ariaPressed = on;
      box.scrollTo((box.scrollWidth - box.clientWidth) * x, (box.scrollHeight - box.clientHeight) * y);
    };
    const isClose = () => viewer?.open && viewer.lastElementChild.matches("[data-close]");
    const move = (x, y) => viewer.lastElementChild.scrollBy(x, y);
    const fill = () => {
      closer(false);
      put(viewer.querySelector("picture"), [1600]);
      viewer.querySelector("header span").textContent = `${now + 1} / ${digests.length}`;
    };
    const open = () => {
      viewer ??= gallery.querySelector("dialog.viewer");
      if (!viewer.querySelector("picture")) {
        const photo = main.querySelector("picture").cloneNode(true);
        photo.querySelector("source").sizes = "100vw";
        viewer.querySelector(".photo").append(photo);
        photo.addEventListener("dragstart", (event) => event.preventDefault());
        viewer.addEventListener("pointermove", (event) => {
          if (event.pointerType !== "mouse" || !event.buttons || !isClose()) return;
          swiped = true;
          move(-event.movementX, -event.movementY);
        });
      }
      fill();
      viewer.showModal();
    };
    const steps = (part) => {
      part.addEventListener("keydown", (event) => {
        const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
        if (way && isClose()) {
          event.preventDefault();
          move(STEP * way[0], STEP * way[1]);
        } else if (way?.[0]) go(now + way[0]);
        if (viewer?.open && "+-".includes(event.key)) closer(event.key === "+");
      });
      part.addEventListener("pointerdown", (event) => { from = event.clientX; swiped = false; });
      part.addEventListener("touchend", (event) => {
        const far = event.changedTouches[0].clientX - from;
        swiped = Math.abs(far) > SWIPE;
        if (swiped && !isClose()) go(now + (far < 0 ? 1 : -1));
      }, { passive: true });
    };

    gallery.addEventListener("click", (event) => {
      const thumb = event.target.closest("[data-photo]");
      const step = event.target.closest("[data-step]");
      if (thumb) go(thumbs.indexOf(thumb));
      if (step) go(now + Number(step.dataset.step));
      if (event.target.closest("[data-main]") && !swiped) open();
      if (event.target.closest("[data-zoom]")) closer(!isClose());
      if (event.target.closest(".viewer .photo") && !swiped && event.detail < 2) {
        const box = viewer.lastElementChild.getBoundingClientRect();
        closer(!isClose(), (event.clientX - box.x) / box.width, (event.clientY - box.y) / box.height);
      }
      if (event.target.closest("[data-main], [data-photo]")) event.preventDefault();
    });
    steps(gallery);
  };

  const all = () => document.querySelectorAll("[data-gallery]").forEach(start);
  document.addEventListener("htmx:after:swap", all);
  all();
}
