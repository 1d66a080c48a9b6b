"""Reads a page as a critic would: one heading, unique ids, labels, texts for images, targets that exist."""

from html.parser import HTMLParser

_CONTROLS = {"input", "select", "textarea"}
_UNLABELLED = {"hidden", "submit", "button", "image"}
_REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for")


class _Page(HTMLParser):
    """Everything of a page that the rules below look at."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.headings = 0
        self.labelled: set[str] = set()
        self.wanted: list[tuple[str, str]] = []  # id, and who needs it
        self.controls: list[tuple[str, str]] = []
        self._labels = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of one tag."""
        given = {name: value or "" for name, value in attrs}
        self.headings += tag == "h1"
        self._labels += tag == "label"
        if "id" in given:
            self.ids.append(given["id"])
        for name in _REFERENCES:
            self.wanted += [(each, f"{tag} {name}") for each in given.get(name, "").split()]
        if given.get("href", "").startswith("#") and len(given["href"]) > 1:
            self.wanted.append((given["href"][1:], f"{tag} href"))
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        self._judge(tag, given)

    def handle_endtag(self, tag: str) -> None:
        """Leave a label."""
        self._labels -= tag == "label"

    def _judge(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img" and "alt" not in given:
            self.faults.append(f"an image without alt: {given.get('src')}")
        if "style" in given or tag == "style":
            self.faults.append(f"inline style on {tag}")
        if any(name.startswith("on") for name in given) or "javascript:" in given.get("href", ""):
            self.faults.append(f"inline script on {tag}")
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.faults.append("a script without src")
        named = self._labels or given.get("aria-label") or given.get("aria-labelledby")
        if tag in _CONTROLS and given.get("type") not in _UNLABELLED and not named:
            self.controls.append((given.get("id", ""), given.get("name", tag)))
        if "data-hx-get" in given and tag == "a" and given["data-hx-get"] != given.get("href"):
            self.faults.append(f"hx-get differs from href: {given['data-hx-get']}")
        if "data-hx-post" in given and tag == "form" and given["data-hx-post"] != given.get("action"):
            self.faults.append(f"hx-post differs from action: {given['data-hx-post']}")


def faults(html: str) -> list[str]:
    """What is wrong with a page, or with a fragment (where the rules about the whole page rest)."""
    page = _Page()
    page.feed(html)
    found = page.faults
    found += [f"id twice: {each}" for each in sorted({each for each in page.ids if page.ids.count(each) > 1})]
    found += [f"no label: {name}" for id_, name in page.controls if id_ not in page.labelled]
    if "<html" in html:
        if page.headings != 1:
            found.append(f"{page.headings} main headings")
        known = set(page.ids)
        found += [f"{who} points at #{id_}, which is not there" for id_, who in page.wanted if id_ not in known]
    return found
