"""No page of one shows in another's: whatever is sent that is no part of an address's key changes nothing."""

from collections.abc import Callable
from urllib.parse import parse_qs

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from kroi.accounts.models import User
from kroi.catalogue.rules import addresses
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.support.client import Client
from tests.support.makers import make_car
from tests.web.pages.asking import PARTIAL, in_three_languages, memory, seen, text

pytestmark = pytest.mark.slow

MARK = "evil-mark"
HEADERS = (
    {"X-Forwarded-Host": f"{MARK}.test"}, {"X-Forwarded-Proto": "https"}, {"X-Forwarded-For": "203.0.113.9"},
    {"X-Forwarded-Prefix": f"/{MARK}"}, {"X-Forwarded-Port": "1337"}, {"X-Host": f"{MARK}.test"},
    {"Forwarded": f"host={MARK}.test;proto=https"}, {"X-Original-URL": f"/{MARK}"}, {"X-Rewrite-URL": "/staff/"},
    {"X-HTTP-Method-Override": "POST"}, {"X-HTTP-Method": "DELETE"}, {"X-Method-Override": "PUT"},
    {"Accept-Language": "sv"}, {"Accept": "application/json"}, {"Cookie": f"kroi={MARK}; session={MARK}; lang=fi"},
    {"Authorization": f"Bearer {MARK}"}, {"HX-Target": MARK}, {"HX-Trigger": MARK}, {"HX-Current-URL": f"/{MARK}"},
    {"HX-Boosted": "true"}, {"HX-Request-Type": MARK}, {"HX-Request-Type": "full", "HX-Request": MARK},
    {"Referer": f"https://{MARK}.test/"}, {"User-Agent": MARK}, {"Origin": f"https://{MARK}.test"},
    {"Range": "bytes=0-5"}, {"If-Range": f'"{MARK}"'}, {"If-None-Match": f'"{MARK}"'},
    {"If-Modified-Since": "Sat, 21 Nov 2026 00:00:00 GMT"}, {"Cache-Control": "no-cache"}, {"Save-Data": "on"},
    {"X-Came-From": MARK}, {"Sec-Fetch-Site": "cross-site"}, {"Purpose": "prefetch"}, {"Transfer-Encoding": MARK},
    {"Accept-Encoding": f"{MARK}, br;q=0, *;q=0"}, {"Content-Type": MARK}, {"X-Kroi-Pages": MARK},
)  # fmt: skip
QUERIES = (  # each asks for Audis, and for nothing else
    "make=audi&utm_source=evil-mark", "fbclid=evil-mark&make=audi", "make=audi&make=audi", "make=evil_mark&make=audi",
    "make=audi&sort=newest", "sort=evil-mark&make=audi", "make=audi&page=1", "page=0&make=audi", "make=audi&after=xx",
    "make=audi&callback=evil-mark", "make=audi&_method=POST", "make=aud%69", "&&make=audi&", "make=audi&min_price=",
    "make=audi&lang=sv", "make=audi&HX-Request-Type=partial", "make=audi&q=", "make=audi&q=%00",
    "make=audi&host=b.test",
    "make=audi&make%00=evil-mark", "make=audi&%6dake=audi", "make=audi#evil-mark", "make=audi&max_price=evil-mark",
)  # fmt: skip
PATHS = ("/", "/cars/", "/cars/audi-a4-1", "/privacy")


@pytest.fixture(autouse=True)
def cars(app: Flask, there: Dealership) -> None:
    make_car(slug="audi-a4-1")
    make_car(slug="bmw-1", make="BMW", model="320")
    with acting_for(there.id):
        make_car(slug="audi-a4-1", model="RS6")


@pytest.mark.parametrize("path", ["/cars/", "/cars/audi-a4-1"])
def test_a_header_that_is_no_part_of_the_key_changes_no_page(client: Client, app: Flask, path: str) -> None:
    clean = text(client, path)
    for headers in HEADERS:
        memory(app).forget_everything()
        made_for_the_attacker = client.get(path, headers=headers, check=False)
        assert MARK not in str(made_for_the_attacker.headers), headers
        with seen(app) as figures:
            assert text(client, path) == clean, headers
        assert figures.hits == 1 or "HX-Request" in headers, headers
        again = client.get(path, headers={**headers, "Accept-Encoding": ""}, check=False)
        assert again.text == clean, headers


@pytest.mark.parametrize("query", QUERIES)
def test_parameters_that_mean_nothing_share_the_page_and_are_not_in_it(client: Client, app: Flask, query: str) -> None:
    clean = text(client, "/cars/?make=audi")
    memory(app).forget_everything()
    assert text(client, f"/cars/?{query}") == clean
    with seen(app) as figures:
        assert text(client, "/cars/?make=audi") == clean
    assert (figures.hits, figures.misses) == (1, 0)


def test_campaigns_do_not_multiply_pages(client: Client, app: Flask) -> None:
    for number in range(20):
        for path in PATHS:
            assert f"click-{number}" not in text(client, f"{path}?utm_id=click-{number}")
    assert memory(app).shelves.described()["pages"] == len(PATHS)


def test_the_order_of_parameters_means_nothing(client: Client, app: Flask) -> None:
    one = text(client, "/cars/?make=bmw&make=audi&fuel=diesel&sort=price")
    with seen(app) as figures:
        assert text(client, "/cars/?sort=price&make=audi&fuel=diesel&make=bmw") == one
    assert (figures.hits, figures.misses) == (1, 0)


def test_what_means_something_is_another_page(client: Client) -> None:
    audi, bmw = (text(client, f"/cars/?make={make}") for make in ("audi", "bmw"))
    assert "audi-a4-1" in audi and "bmw-1" not in audi
    assert "bmw-1" in bmw and "audi-a4-1" not in bmw
    assert text(client, "/cars/?make=audi&make=bmw") not in (audi, bmw)
    assert text(client, "/cars/?make=audi&make=bmw&page=2") != audi


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["make", "not_make", "fuel", "q", "min_price", "max_price", "sort", "page", "after", "x"]),
            st.one_of(st.sampled_from(["audi", "diesel", "5", "price", "na-5-1", "na-x-1", "", "ä b"]), st.text()),
        )
    )
)
def test_the_spelling_of_a_query_means_what_was_typed(pairs: list[tuple[str, str]]) -> None:
    typed = "&".join(f"{name}={value}" for name, value in pairs)
    as_sent = typed.encode("utf-8", "replace").decode("latin-1")
    spelled = addresses.canonical(as_sent)
    assert addresses.canonical(spelled) == spelled
    assert addresses.read(parse_qs(spelled)) == addresses.read(parse_qs(typed.encode("utf-8", "replace").decode()))


def test_fragment_and_page_are_kept_apart(client: Client) -> None:
    page, fragment = text(client, "/cars/"), text(client, "/cars/", **PARTIAL)
    assert page.startswith("<!doctype html>") and fragment.startswith('<div class="listing"')
    assert (text(client, "/cars/"), text(client, "/cars/", **PARTIAL)) == (page, fragment)
    assert "HX-Push-Url" in client.get("/cars/", headers=PARTIAL).headers
    assert "HX-Push-Url" not in client.get("/cars/").headers


def test_two_dealerships_and_three_languages_never_meet(
    client: Client, app: Flask, here: Dealership, there: Dealership
) -> None:
    in_three_languages(here)
    in_three_languages(there)
    asked = [
        (host, f"{prefix}{path}") for host in ("a.test", "b.test") for prefix in ("", "/fi", "/sv") for path in PATHS
    ]

    def ask(host: str, path: str) -> str:
        client.host = host
        return text(client, path)

    first = {each: ask(*each) for each in asked}
    with seen(app) as figures:
        assert {each: ask(*each) for each in reversed(asked)} == dict(first)
    assert figures.misses == 0
    for (host, path), page in first.items():
        ours, theirs = ("A Motors", "B Motors") if host == "a.test" else ("B Motors", "A Motors")
        language = path[1:3] if path[1:3] in ("fi", "sv") else "en"
        assert ours in page and theirs not in page and f'<html lang="{language}">' in page


@pytest.mark.parametrize("host", ["A.TEST", "a.test.", "a.test:8000", "A.test.:1"])
def test_spellings_of_our_host_are_our_host(client: Client, app: Flask, host: str) -> None:
    clean = text(client, "/cars/")
    with seen(app) as figures:
        assert text(client, "/cars/", Host=host) == clean
    assert figures.hits == 1


@pytest.mark.parametrize(
    "host", ["evil.test", "a.test@evil.test", "evil.test/a.test", "", "a.test, b.test", "b.test%00"]
)
def test_another_host_gets_no_page_of_ours(client: Client, host: str) -> None:
    text(client, "/cars/")
    answer = client.get("/cars/", headers={"Host": host}, check=False)
    assert answer.status_code in (400, 404) and "A Motors" not in answer.text


@pytest.mark.parametrize(
    "path", ["/staff/x.css", "/staff/", "/staff/leads/?x.css", "/staff/cars/;x.css", "/staff/%2e.css"]
)
def test_a_staff_page_with_a_public_look_is_not_kept(
    client: Client, app: Flask, signed_in: Callable[[User], Client], ana: User, path: str
) -> None:
    portal = signed_in(ana)
    with seen(app) as figures:
        assert portal.get(path, check=False).headers["Cache-Control"] == "no-store"
        assert "Ana" not in text(client, path)
    assert (figures.hits, figures.misses) == (0, 0)


@pytest.mark.parametrize(
    "path", ["//cars/", "/cars//", "/%63ars/", "/cars/.", "/cars/x.css", "/cars/%00", "/cars/%ff", "/CARS/"]
)
def test_odd_spellings_of_a_path_show_what_they_show_without_memory(client: Client, app: Flask, path: str) -> None:
    text(client, "/cars/")
    with_memory = client.get(path, check=False)
    memory(app).forget_everything()
    without = client.get(path, check=False)
    assert (with_memory.status_code, with_memory.data) == (without.status_code, without.data)


def test_a_post_is_never_answered_from_memory(client: Client, app: Flask) -> None:
    text(client, "/cars/")
    with seen(app) as figures:
        for method in ("post", "put", "delete", "patch", "options"):
            answer = getattr(client, method)("/cars/", check=False)
            assert "audi-a4-1" not in answer.text
    assert figures.hits == 0


def test_very_long_addresses_are_answered_and_not_kept(client: Client, app: Flask) -> None:
    with seen(app) as figures:
        assert "audi-a4-1" in text(client, "/cars/?make=audi&x=" + "x" * 2_000)
    assert (figures.misses, memory(app).shelves.described()["pages"]) == (0, 0)
