"""Photographs every type of page of a fresh demo dealership; the README's pictures come from here."""

import os
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402  # the path is set above
from playwright.sync_api import Browser  # noqa: E402  # likewise

from tests.support import browser as windows  # noqa: E402  # likewise
from tests.support import site  # noqa: E402  # likewise
from tests.support.site import PAGES, SHOPPER, PageType, Site  # noqa: E402  # likewise

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
WIDTHS = (1280, 390)
HIGHEST = 4000  # pixels; a longer page is cut off
IN_README = ("listing", "today")
README_PICTURES = ROOT / "docs" / "pictures"


def main(out: Path, names: list[str]) -> int:
    """Exit code 0 when every picture was made, 2 for a name that is no page type."""
    unknown = set(names) - {page.name for page in PAGES}
    if unknown:
        print(f"No such page type: {', '.join(sorted(unknown))}. There are: {', '.join(each.name for each in PAGES)}")
        return 2
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kroi-") as folder:
        demo, server = site.make(Path(folder))
        try:
            with windows.launched() as browser:
                photograph(browser, demo, out, [page for page in PAGES if not names or page.name in names])
        finally:
            server.stop()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")
    return 0


def for_readme(out: Path) -> None:
    """The first screen of some pages, small enough to be kept with the source."""
    README_PICTURES.mkdir(exist_ok=True)
    for name in IN_README:
        with Image.open(out / f"{name}-1280-light.png") as picture:
            picture.crop((0, 0, 1280, 900)).save(README_PICTURES / f"{name}.webp", quality=82, method=6)


def photograph(browser: Browser, demo: Site, out: Path, pages: list[PageType]) -> None:
    """Each page in each width and theme."""
    cookies: dict[str, Any] = {
        who: site.sign_in(browser, demo, who) for who in {page.who for page in pages} - {SHOPPER}
    }
    for width, theme in product(WIDTHS, THEMES):
        for page_type in pages:
            context = browser.new_context(
                base_url=demo.url, viewport={"width": width, "height": 844 if width < 500 else 900},
                color_scheme=theme, reduced_motion="reduce", storage_state=cookies.get(page_type.who), locale="en-GB",
            )  # fmt: skip
            page = context.new_page()
            page.goto(page_type.address(demo), wait_until="networkidle")
            height = min(int(page.evaluate("document.documentElement.scrollHeight")), HIGHEST)
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_load_state("networkidle")
            page.screenshot(path=out / f"{page_type.name}-{width}-{theme}.png")
            context.close()


if __name__ == "__main__":
    os.chdir(ROOT)
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    result = main(folder, list(IN_README) if wanted == ["--readme"] else wanted)
    if wanted == ["--readme"] and not result:
        for_readme(folder)
    sys.exit(result)
