"""Pages in Finnish and Swedish: nothing English is left on any of them, and each leads to the same page elsewhere."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.catalogue.models import Photo
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads import service as leads
from tests.support.client import Client
from tests.support.languages import LANGUAGES, english_on
from tests.support.makers import make_car, make_lead, stored

pytestmark = pytest.mark.slow

FOR_MACHINES = (
    "/api/",
    "/media/",
    "/static/",
    "/metrics",
    "/sitemap",
    "/robots.txt",
    "/favicon.ico",
    "/staff/sign-out",
)
SignIn = Callable[[User], Client]


@pytest.fixture
def abroad(here: Dealership) -> None:
    """Dealership A speaks three languages, English first."""
    with transaction():
        dealerships.change_profile(here.id, languages=["en", "fi", "sv"])


@pytest.fixture
def names(app: Flask, boris: User) -> dict[str, Any]:
    """One of each thing that an address may name."""
    car = make_car(photo_count=1, price_cents=15_900_00, struck_cents=16_900_00, drive="awd", colour="black")
    stored(Photo(car_id=car.id, digest="0" * 32, width=1600, height=1200, position=0, alt=""))
    for model in ("A6", "Q5"):
        make_car(model=model)
    lead = make_lead(car=car, message="Hei")
    with transaction():
        task = leads.add_task(lead, "Soita", clock.now() + timedelta(hours=1))
    return {"car_id": car.id, "lead_id": lead.id, "task_id": task.id, "user_id": boris.id, "slug": car.slug}


def addresses(app: Flask, names: dict[str, Any]) -> Iterator[str]:
    """Every page that can be asked for with GET."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(FOR_MACHINES) and rule.arguments <= set(names):
            yield re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(names[part.group(1)]), rule.rule)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_for_shoppers_has_english_left(
    client: Client, app: Flask, abroad: None, names: dict[str, Any], language: str
) -> None:
    left = {}
    paths = [path for path in addresses(app, names) if not path.startswith("/staff")]
    sold = make_car(model="A8", status=CarStatus.SOLD, sold_at=clock.now()).slug
    reserved = make_car(model="A3", status=CarStatus.RESERVED, reserved_until=clock.now()).slug
    paths += [f"/cars/{slug}{end}" for slug in (sold, reserved) for end in ("", "/inquiry")]
    paths += [
        "/cars/?make=audi&max_price=17000&not_fuel=petrol",
        "/cars/?min_year=2030&q=x",
        "/cars/nothing",
        "/nothing",
    ]
    for path in paths:
        page = client.get(f"/{language}{path}", check=False).text
        left[path] = english_on(page, language)
        assert f'<html lang="{language}">' in page or "<html" not in page, path
    wrong = client.post(f"/{language}/contact", data={"email": "x", "phone": "y"}, check=False)
    left["wrong form"] = english_on(wrong.text, language)
    assert len(left) > 14 and {path: found for path, found in left.items() if found} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_for_staff_has_english_left(
    signed_in: SignIn, olga: User, app: Flask, names: dict[str, Any], language: str
) -> None:
    with transaction():
        olga.language = language
    client, left = signed_in(olga), {}
    paths = [path for path in addresses(app, names) if path.startswith("/staff")]
    for path in [*paths, "/staff/leads/?q=xyz", "/staff/cars/?tab=sold", "/staff/leads/999", "/staff/nothing"]:
        response = client.get(path, check=False)
        if response.status_code not in (301, 303) and response.mimetype == "text/html":
            assert f'<html lang="{language}">' in response.text, path
            left[path] = english_on(response.text, language)
    wrong = {"/staff/cars/": {"price": "x"}, "/staff/users/": {}, "/staff/profile": {}, "/staff/profile/password": {}}
    wrong |= {
        f"/staff/leads/{names['lead_id']}/{part}": {} for part in ("note", "call", "tasks", "status", "assignment")
    }
    wrong |= {f"/staff/cars/{names['car_id']}{part}": {} for part in ("", "/status", "/price", "/photos")}
    for path, form in wrong.items():
        response = client.post(path, data=form, check=False)
        assert response.status_code in (303, 409, 422), path
        left[f"POST {path}"] = english_on(response.text, language)
    assert len(left) > 20 and {path: found for path, found in left.items() if found} == {}


def test_the_check_sees_english() -> None:
    page = '<p>Hinta</p><p>No cars match these filters</p><img alt="Photos to come"><b>Car: Audi</b><i>Sold</i>'
    assert english_on(page, "fi") == ["No cars match these filters", "Photos to come", "Sold"]


def test_staff_read_the_portal_in_their_own_language(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    client.post("/staff/profile", data={"name": "Ana Aalto", "language": "sv"})
    page = client.get("/staff/profile").text
    assert '<html lang="sv">' in page and "Sparat." in page and "Inkomna" in page


def test_the_portal_leads_to_pages_that_the_dealership_has(
    signed_in: SignIn, olga: User, names: dict[str, Any]
) -> None:
    """A member of staff may read Swedish where shoppers are not offered it."""
    with transaction():
        olga.language = "sv"
    page = signed_in(olga).get(f"/staff/cars/{names['car_id']}").text
    assert f'href="/cars/{names["slug"]}"' in page and 'href="/sv' not in page


def test_somebody_new_begins_in_the_dealerships_language(signed_in: SignIn, olga: User, here: Dealership) -> None:
    with transaction():
        dealerships.change_profile(here.id, language="fi")
    form = {"name": "Nora New", "email": "nora@a.test", "role": "sales"}
    page = signed_in(olga).post("/staff/users/", data=form, check=False)
    assert page.status_code == 200
    assert {user.language for user in session.query(User).filter_by(email="nora@a.test")} == {"fi"}


def links(page: str) -> dict[str, str]:
    """What a page says of itself in other languages, for search engines."""
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page))


def test_a_page_names_itself_in_every_language(client: Client, abroad: None) -> None:
    car = make_car()
    page = client.get(f"/fi/cars/{car.slug}").text
    root = links(page)["x-default"].removesuffix(f"/cars/{car.slug}")
    assert links(page) == {
        "en": f"{root}/cars/{car.slug}", "fi": f"{root}/fi/cars/{car.slug}", "sv": f"{root}/sv/cars/{car.slug}",
        "x-default": f"{root}/cars/{car.slug}",
    }  # fmt: skip
    assert links(page) == links(client.get(f"/cars/{car.slug}").text) == links(client.get(f"/sv/cars/{car.slug}").text)
    assert f'<link rel="canonical" href="{root}/fi/cars/{car.slug}">' in page
    assert f'<a href="/sv/cars/{car.slug}" lang="sv" hreflang="sv">Svenska</a>' in page


def test_another_language_keeps_the_filters(client: Client, abroad: None) -> None:
    make_car()
    page = client.get("/fi/cars/?utm_source=x&sort=price&make=audi").text
    assert links(page)["sv"].endswith("/sv/cars/?make=audi&amp;sort=price")
    footer = dict(re.findall(r'<a href="([^"]+)" lang="(\w\w)" hreflang', page))
    assert footer == {"/cars/?make=audi&amp;sort=price": "en", "/sv/cars/?make=audi&amp;sort=price": "sv"}


def test_a_page_that_is_not_there_leads_home_in_other_languages(client: Client, abroad: None) -> None:
    page = client.get("/fi/cars/nothing", check=False)
    assert page.status_code == 404 and links(page.text) == {}
    assert '<a href="/sv/" lang="sv" hreflang="sv">Svenska</a>' in page.text


def test_one_language_needs_no_alternates(client: Client) -> None:
    assert links(client.get("/").text) == {} and "hreflang" not in client.get("/").text
    assert "hreflang" not in client.get("/sitemap.xml").text


def test_the_sitemap_holds_every_page_in_every_language(client: Client, abroad: None) -> None:
    slug = make_car().slug
    sitemap = ElementTree.fromstring(client.get("/sitemap.xml").text)
    found: dict[str, dict[str, str]] = {}
    for entry in sitemap:
        alternates = [each.attrib for each in entry if each.tag.endswith("}link")]
        found[entry[0].text or ""] = {each["hreflang"]: each["href"] for each in alternates}
    (root,) = [
        where.removesuffix("/privacy") for where in found if where.endswith("/privacy") and where.count("/") == 3
    ]
    assert {f"{root}/cars/{slug}", f"{root}/fi/cars/{slug}", f"{root}/sv/cars/{slug}", f"{root}/fi/"} <= set(found)
    assert found[f"{root}/sv/cars/{slug}"] == {
        "en": f"{root}/cars/{slug}", "fi": f"{root}/fi/cars/{slug}", "sv": f"{root}/sv/cars/{slug}",
        "x-default": f"{root}/cars/{slug}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("prefix", "money", "distance"),
    [("", "€15,900", "120,000"), ("/fi", "15 900 €", "120 000"), ("/sv", "15 900 €", "120 000")],
)
def test_money_and_distance_are_written_as_the_language_does(
    client: Client, abroad: None, prefix: str, money: str, distance: str
) -> None:
    page = client.get(f"{prefix}/cars/{make_car().slug}").text.replace("\u00a0", " ")
    assert money in page and f"{distance} km" in page


@pytest.mark.parametrize(("prefix", "horses"), [("", "hp"), ("/fi", "hv"), ("/sv", "hk")])
def test_power_breaks_between_its_two_figures_only(client: Client, abroad: None, prefix: str, horses: str) -> None:
    page = client.get(f"{prefix}/cars/{make_car(power_kw=110).slug}").text
    assert f"110\u00a0kW (150\u00a0{horses})" in page


def test_what_is_kept_ready_is_kept_for_each_language(client: Client, abroad: None, names: dict[str, Any]) -> None:
    """Pieces of pages stay in memory: the next language must not be shown them."""
    for path in ("/", "/cars/?make=audi&max_price=17000", f"/cars/{names['slug']}"):
        first = {prefix: client.get(f"{prefix}{path}").text for prefix in ("/fi", "", "/sv")}
        again = {prefix: client.get(f"{prefix}{path}").text for prefix in ("/sv", "/fi", "")}
        assert first == again
        assert len({re.sub(r"(?s)<head>.*?</head>", "", page) for page in first.values()}) == 3
        assert english_on(first["/fi"], "fi") == english_on(first["/sv"], "sv") == []
        for english, finnish in (("All cars", "Kaikki autot"), ("Contact", "Yhteys"), ("Privacy", "Tietosuoja")):
            assert english in first[""] and finnish not in first[""]


def test_what_the_dealer_wrote_is_marked_with_its_language(client: Client, abroad: None) -> None:
    car = make_car(paragraphs=["One careful owner."], features=["Tow bar"])
    assert 'lang="en"><p>One careful owner.' in client.get(f"/fi/cars/{car.slug}").text
    assert 'measure"><p>One careful owner.' in client.get(f"/cars/{car.slug}").text
