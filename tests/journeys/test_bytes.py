"""What a visit weighs: public pages stay light, assets are kept for ever, a second visit costs nothing."""

import gzip
import re
import urllib.error
import urllib.request
from typing import Any, NamedTuple

import brotli
import pytest

from tests.support.site import PAGES, SHOPPER, PageType, Site

KB = 1000
MOST_MARKUP = 15 * KB  # HTML and style sheet of a public page, compressed
MOST_SCRIPT = 18_500
MOST_LISTING = 170 * KB  # with font and the photos that a phone loads at first
FIRST_PHOTOS = 8  # a phone asks for what is within 2,500 px of what it shows


class Answer(NamedTuple):
    """What came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as it was before it was compressed."""
        coding = self.headers.get("content-encoding", "")
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(coding, bytes)
        return bytes(unpack(self.body)).decode()


def get(url: str, **headers: str) -> Answer:
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "br, gzip"} | headers)
    try:
        with urllib.request.urlopen(asked, timeout=30) as found:
            return Answer(found.status, {name.lower(): value for name, value in found.headers.items()}, found.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, {name.lower(): value for name, value in error.headers.items()}, error.read())


def linked(page: str, pattern: str) -> list[Any]:
    return re.findall(pattern, page)


PUBLIC = [page for page in PAGES if page.who == SHOPPER and page.name != "sign-in"]


@pytest.mark.parametrize("page_type", PUBLIC, ids=lambda each: each.name)
def test_a_public_page_is_light(demo: Site, page_type: PageType) -> None:
    page = get(demo.url + page_type.address(demo))
    sheets = linked(page.text, r'<link rel="stylesheet" href="([^"]+)"')
    scripts = linked(page.text, r'(?:<script src|data-later)="([^"]+)"')
    assert sheets and scripts
    assert len(page.body) + sum(len(get(demo.url + each).body) for each in sheets) <= MOST_MARKUP
    assert sum(len(get(demo.url + each).body) for each in scripts) <= MOST_SCRIPT
    fetched = linked(page.text, r'(?:\bsrc|<link[^>]+href)="(https?://[^"]+)"')
    assert [each for each in fetched if not each.startswith(demo.url)] == []
    assert "set-cookie" not in page.headers


def test_the_listing_with_its_first_photos_loads_fast_on_a_phone(demo: Site) -> None:
    page = get(f"{demo.url}/cars/")
    parts = linked(
        page.text, r'<link rel="(?:stylesheet|preload|icon)"[^>]*?href="([^"]+)"|(?:<script src|data-later)="([^"]+)"'
    )
    icons = linked(page.text, r'href="(/static/icons[^"#]+)')
    photos = linked(page.text, r'(/media/[^" ]+) 720w')[:FIRST_PHOTOS]
    assert len(photos) == FIRST_PHOTOS and icons
    assert (
        len(page.body) + sum(len(get(demo.url + each).body) for each in {*map("".join, parts), *icons, *photos})
        <= MOST_LISTING
    )


@pytest.mark.parametrize("path", ["/", "/cars/", "/contact"])
def test_pages_are_compressed_and_say_so(demo: Site, path: str) -> None:
    for coding in ("br", "gzip"):
        answer = get(demo.url + path, **{"Accept-Encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.parametrize("path", ["/", "/cars/"])
def test_a_second_visit_is_told_that_nothing_changed(demo: Site, path: str) -> None:
    first = get(demo.url + path)
    assert get(demo.url + path, **{"If-None-Match": first.headers["etag"]}).status == 304


def test_what_a_page_links_to_is_kept_for_ever(demo: Site) -> None:
    page = get(f"{demo.url}/cars/").text
    for each in linked(page, r'(?:src|href)="(/(?:static|media)/[^"#]+)'):
        answer = get(demo.url + each)
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]


def test_files_are_found_only_under_the_name_with_their_hash(demo: Site) -> None:
    for path in ("/static/shop.css", "/static/css/shop/cards.css", "/static/icons.svg", "/static/vendor/htmx.min.js"):
        assert get(demo.url + path).status == 404
