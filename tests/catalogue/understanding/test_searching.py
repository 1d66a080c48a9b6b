"""A text in the address becomes filters, is corrected, and is answered by cars rather than by an empty page."""

import html
import json
import re

import pytest

from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
SENTENCE = "Nothing matches all of that"


def names(page: str) -> list[str]:
    return sorted(re.findall(r'<h[23]><a href="/cars/[^"]+">([^<]+)</a>', page))


def chips(page: str) -> dict[str, str]:
    """Every chip's words and where they lead."""
    found = re.findall(r'<a class="chip" href="([^"]+)"><span class="hidden-text">Remove:</span>([^<]+)', page)
    return {html.unescape(words).replace("\xa0", " "): html.unescape(address) for address, words in found}


def canonical(page: str) -> str:
    found = re.search(r'<link rel="canonical" href="http://[^/]+([^"]+)">', page)
    assert found
    return html.unescape(found[1])


def box(page: str) -> str:
    """What stands in the search box."""
    found = re.search(r'<input[^>]* id="q"[^>]* value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


@pytest.fixture
def stock() -> None:
    common = {"price_cents": 15_000_00, "model_year": 2019, "mileage_km": 80_000}
    make_car(make="Volkswagen", model="Golf", body="hatchback", fuel="petrol", colour="red", **common)
    make_car(make="Volkswagen", model="Passat", body="estate", fuel="diesel", drive="awd", colour="blue", **common)
    make_car(make="BMW", model="3 Series", trim="320d", body="sedan", fuel="diesel", features=["Vetokoukku"], **common)
    make_car(make="Nissan", model="Qashqai", body="suv", fuel="diesel", colour="white", **common)


def test_understood_words_become_chips_and_leave_the_box(client: Client, stock: None) -> None:
    page = client.get("/cars/?q=diesel+suv+under+20k+from+2018").text
    assert names(page) == ["Nissan Qashqai"] and SENTENCE not in page
    assert set(chips(page)) == {"Diesel", "SUV", "up to €20,000", "from 2018"}
    assert canonical(page) == "/cars/?body=suv&fuel=diesel&max_price=20000&min_year=2018"
    assert box(page) == "" and 'value="diesel" checked' in page


def test_htmx_is_told_the_address_with_the_filters(client: Client, stock: None) -> None:
    response = client.get("/cars/?q=passat+4motion+dragkrok&sort=newest", headers=PARTIAL)
    assert response.headers["HX-Push-Url"].startswith("/cars/?drive=awd&make=volkswagen&model=passat")
    pushed = client.get("/cars/?q=red+golf", headers=PARTIAL).headers["HX-Push-Url"]
    assert pushed == "/cars/?colour=red&make=volkswagen&model=golf"


def test_each_chip_can_be_removed_also_when_words_stay_that_meant_it(client: Client, stock: None) -> None:
    page = client.get("/cars/?q=320d").text
    assert set(chips(page)) == {"BMW", "3 Series", "“320d”"}
    assert box(page) == '"320d"'
    less = client.get(chips(page)["3 Series"]).text
    assert set(chips(less)) == {"BMW", "“320d”"} and names(less) == ["BMW 3 Series"]
    assert set(chips(client.get(chips(less)["BMW"]).text)) == {"“320d”"}


def test_the_text_wins_over_the_ticked_filter_of_its_name(client: Client, stock: None) -> None:
    page = client.get("/cars/?q=diesel&fuel=petrol&make=bmw&max_price=30000").text
    assert canonical(page) == "/cars/?fuel=diesel&make=bmw&max_price=30000"
    other = client.get("/cars/?q=golf&make=bmw&model=3-series").text
    assert canonical(other) == "/cars/?make=volkswagen&model=golf"
    spans = client.get("/cars/?q=under+16000&min_price=5000&max_price=9000").text
    assert canonical(spans) == "/cars/?max_price=16000&min_price=5000"


def test_an_order_is_understood_unless_one_is_chosen(client: Client, stock: None) -> None:
    assert canonical(client.get("/cars/?q=cheapest+diesel").text) == "/cars/?fuel=diesel&sort=price"
    chosen = client.get("/cars/?q=cheapest+diesel&sort=mileage").text
    assert canonical(chosen) == "/cars/?fuel=diesel&sort=mileage"


@pytest.mark.parametrize("typed", ["tow bar", "AHK", "dragkrok", "Anhängerkupplung", "vetokoukku"])
def test_a_feature_is_found_by_its_name_in_any_language(client: Client, stock: None, typed: str) -> None:
    assert names(client.get("/cars/", query_string={"q": typed}).text) == ["BMW 3 Series"]


def test_a_slip_in_another_word_finds_what_the_stock_calls_so(client: Client, stock: None) -> None:
    page = client.get("/cars/?q=vetokouku").text
    assert names(page) == ["BMW 3 Series"] and "Searched for “vetokoukku” instead." in page
    assert canonical(page) == "/cars/?q=vetokoukku"


def test_a_search_that_finds_nothing_gives_up_its_weakest_wish_and_says_so(client: Client, stock: None) -> None:
    page = client.get("/cars/?q=black+golf").text
    assert names(page) == ["Volkswagen Golf"] and 'name="robots" content="noindex"' in page
    assert f"{SENTENCE}, so we left out or loosened: Black." in page
    exactly = re.search(r'<a href="([^"]+)">Search for exactly that</a>', page)
    assert exactly
    exact = client.get(html.unescape(exactly[1])).text
    assert "No cars match these filters" in exact and set(chips(exact)) == {"Volkswagen", "Golf", "Black"}


@pytest.mark.parametrize(
    ("typed", "left_out", "found"),
    [
        ("golf under 14000", "up to €14,000", ["Volkswagen Golf"]),
        ("golf with a zeppelin", "“zeppelin”", ["Volkswagen Golf"]),
        ("red golf awd zeppelin", "Four-wheel drive, “zeppelin”", ["Volkswagen Golf"]),
        ("blue qashqai diesel", "Blue", ["Nissan Qashqai"]),
        ("ferrari diesel suv", "Ferrari", ["Nissan Qashqai"]),
    ],
)
def test_what_is_given_up_is_the_least_that_helps(
    client: Client, stock: None, typed: str, left_out: str, found: list[str]
) -> None:
    page = html.unescape(client.get("/cars/", query_string={"q": typed}).text).replace("\xa0", " ")
    said = re.search(r"left out or loosened: ([^<]*)\.", page)
    assert said and sorted(said[1].split(", ")) == sorted(left_out.split(", "))
    assert names(page) == found


def test_exact_words_are_neither_read_nor_given_up(client: Client, stock: None) -> None:
    page = client.get("/cars/", query_string={"q": '"zeppelin diesel"'}).text
    assert "No cars match these filters" in page and set(chips(page)) == {"“zeppelin diesel”"}


def test_filters_that_were_ticked_are_not_given_up(client: Client, stock: None) -> None:
    page = client.get("/cars/?colour=black&model=golf").text
    assert "No cars match these filters" in page and SENTENCE not in page


def test_without_any_car_the_page_says_that_there_is_none(client: Client) -> None:
    page = client.get("/cars/?q=black+golf").text
    assert SENTENCE not in page and page.count("<h1>") == 1


def test_machines_are_told_what_was_understood_and_what_was_given_up(client: Client, stock: None) -> None:
    answer = json.loads(client.get("/api/v1/cars?q=black+golf+under+20k").text)
    assert answer["total"] == 1 and answer["relaxed"] == {"colour": ["black"]}
    assert answer["filters"] == {"make": ["volkswagen"], "model": ["golf"], "max_price": 20000}


def test_a_make_shown_here_only_is_read_for_this_dealership_only(client: Client, stock: None) -> None:
    assert canonical(client.get("/cars/?q=qashqai").text) == "/cars/?make=nissan&model=qashqai"
    page = client.get("/cars/?q=octavia").text
    assert SENTENCE in page and "“octavia”" in page


def suggested(client: Client, typed: str, path: str = "/cars/suggestions") -> dict[str, str]:
    """The suggestions' words, and where they lead."""
    answer = client.get(path, query_string={"q": typed})
    found = re.findall(
        r'<a role="option" [^>]*href="([^"]+)"[^>]*><span>([^<]+)</span> <span class="count">(\d+)', answer.text
    )
    return {html.unescape(f"{words} {count}").replace("\xa0", " "): html.unescape(href) for href, words, count in found}


def test_suggestions_go_on_from_what_is_typed_and_count_the_cars(client: Client, stock: None) -> None:
    found = suggested(client, "Volks")
    assert found["Volkswagen 2"] == "/cars/?make=volkswagen"
    assert found["Volkswagen Golf 1"] == "/cars/?make=volkswagen&model=golf"
    assert suggested(client, "diesel pas") == {
        "Volkswagen Passat, Diesel 1": "/cars/?fuel=diesel&make=volkswagen&model=passat"
    }
    assert next(iter(suggested(client, "diesel under 20k"))) == "Diesel, up to €20,000 3"
    assert suggested(client, "") == suggested(client, "zzzz") == {}


def test_suggestions_lead_to_cars_only(client: Client, stock: None) -> None:
    for typed in ("diesel golf", "suv", "bl", "ferrari", "es"):
        for words, href in suggested(client, typed).items():
            listed = names(client.get(href).text)
            assert listed and words.endswith(f" {len(listed)}")


def test_suggestions_are_the_same_for_everybody_and_change_with_the_stock(client: Client, stock: None) -> None:
    answer = client.get("/cars/suggestions?q=volk")
    assert answer.headers["Cache-Control"].startswith("public") and "Set-Cookie" not in answer.headers
    assert answer.headers["X-Robots-Tag"] == "noindex"
    make_car(make="Volkswagen", model="Polo")
    assert "Volkswagen Polo 1" in suggested(client, "volk")


@pytest.mark.parametrize("typed", ["%00", "%ff%fe", "9" * 300, "a" * 5000, "%3Cscript%3E", "%22", "&q=b&q=c"])
def test_whatever_is_typed_suggestions_answer(client: Client, stock: None, typed: str) -> None:
    answer = client.get(f"/cars/suggestions?q={typed}")
    assert answer.status_code == 200 and "<script>" not in answer.text


def test_a_stock_without_an_index_is_understood_too(
    client: Client, stock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kroi.catalogue.index.keeping.keeper.current", lambda: None)
    page = client.get("/cars/?q=diesel+passat").text
    assert canonical(page) == "/cars/?fuel=diesel&make=volkswagen&model=passat" and names(page) == ["Volkswagen Passat"]
    assert "left out or loosened: Black." in client.get("/cars/?q=black+golf").text
