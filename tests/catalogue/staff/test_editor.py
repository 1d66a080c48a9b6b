"""The editor of a car, and adding one."""

from collections.abc import Callable
from datetime import date

import pytest

from kroi.accounts.models import AuditEntry, User
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.models import Car, CarEvent, PriceChange
from kroi.catalogue.rules import Body, CarStatus, Colour, Drive, Fuel, Vat
from kroi.core import events
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.catalogue.staff.editing import FORM, save, seen
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]


def test_a_new_car_begins_as_a_draft(signed_in: SignIn, boris: User) -> None:
    client = signed_in(boris)
    assert client.get("/staff/cars/new").status_code == 200
    response = client.post(
        "/staff/cars/", data={"make": " Audi ", "model": "A4", "price": "15 900", "model_year": "2019"}
    )
    car = session.query(Car).one()
    assert response.headers["Location"] == f"/staff/cars/{car.id}"
    assert (car.status, car.stock_number, car.slug) == (CarStatus.DRAFT, "10001", "audi-a4-10001")
    assert (car.make, car.price_cents, car.model_year, car.listed_at) == ("Audi", 15_900_00, 2019, None)
    assert client.get("/cars/audi-a4-10001", check=False).status_code == 404


@pytest.mark.parametrize("wrong", [{"make": " "}, {"model": ""}, {"price": "a lot"}, {"model_year": "19"}])
def test_a_new_car_that_is_wrong_is_sent_back_with_what_was_typed(
    signed_in: SignIn, boris: User, wrong: dict[str, str]
) -> None:
    data = {"make": "Audi", "model": "A4", "trim": "S line", "price": "1", "model_year": "2019"} | wrong
    page = signed_in(boris).post("/staff/cars/", data=data)
    assert page.status_code == 422 and 'value="S line"' in page.text
    assert session.query(Car).count() == 0


def test_the_editor_shows_the_car(signed_in: SignIn, boris: User) -> None:
    car = make_car(mileage_km=192_000, price_cents=24_850_00, paragraphs=["One.", "Two."], features=["Tow bar"])
    page = signed_in(boris).get(f"/staff/cars/{car.id}").text
    assert 'value="192,000"' in page and 'value="24,850"' in page and "One.\n\nTwo." in page
    assert '<option selected value="diesel">' in page


def test_it_takes_ten_queries_or_fewer(signed_in: SignIn, boris: User) -> None:
    car = make_car()
    client = signed_in(boris)
    save(client, car)
    with counted_queries() as sent:
        client.get(f"/staff/cars/{car.id}")
    assert len(sent) <= 10


def test_everything_typed_is_saved(signed_in: SignIn, boris: User) -> None:
    car = make_car()
    response = save(signed_in(boris), car)
    assert (response.status_code, response.headers["Location"]) == (303, f"/staff/cars/{car.id}")
    expected = {
        "make": "Audi", "model": "A6 Avant", "make_slug": "audi", "model_slug": "a6-avant", "trim": "40 TDI quattro",
        "model_year": 2019, "mileage_km": 192_000, "vin": "WAUZZZF2XKN012345", "plate": "ABC-123",
        "price_cents": 24_850_00, "vat": Vat.MARGIN, "cost_cents": 21_200_50, "body": Body.ESTATE, "fuel": Fuel.DIESEL,
        "drive": Drive.AWD, "colour": Colour.BLACK, "power_kw": 150, "displacement_ccm": 1968,
        "consumption_dl_100km": 54, "co2_g_km": 142, "doors": 5, "owners": 1, "category": "Family", "featured": True,
        "arriving": True, "arriving_on": date(2026, 12, 1), "first_registration": date(2019, 3, 1),
        "features": ["Heated seats", "Tow bar"], "paragraphs": ["One owner.\nFull history.", "New tyres."],
        "specifications": [["Boot", "565 l"], ["Towing", "2,000 kg"]],
    }  # fmt: skip
    assert {name: getattr(car, name) for name in expected} == expected
    assert "heated seats" in car.search_text and "farmari" in car.search_text


def test_saving_what_is_there_changes_nothing(signed_in: SignIn, boris: User) -> None:
    car, client = make_car(), signed_in(boris)
    save(client, car)
    before = [session.query(kind).count() for kind in (CarEvent, PriceChange, AuditEntry)]
    updated = car.updated_at
    assert save(client, car).status_code == 303
    assert [session.query(kind).count() for kind in (CarEvent, PriceChange, AuditEntry)] == before
    assert car.updated_at == updated


def test_a_price_with_cents_is_not_rounded_by_saving(signed_in: SignIn, boris: User) -> None:
    car, client = make_car(price_cents=24_850_50), signed_in(boris)
    assert 'value="24,850.50"' in client.get(f"/staff/cars/{car.id}").text
    save(client, car, {"price": "24,850.50"})
    assert car.price_cents == 24_850_50


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("make", "  ", "Type the make."),
        ("vin", "WAUZZZF2XKN0123", "15 characters, it should be 17."),
        ("vin", "WAUZZZF2XKNO12345", "never I, O or Q"),
        ("mileage_km", "many", "not a whole number"),
        ("mileage_km", "12.5", "not a whole number"),
        ("mileage_km", "99999999999", "not between"),
        ("price", "-5", "not between"),
        ("model_year", "1066", "not between 1886 and 2100"),
        ("price", "about 20k", "not a price"),
        ("condition", "", "Choose one of the list."),
        ("first_registration", "yesterday", "Not a valid date value."),
        ("specifications", "no colon here", "Write each as"),
        ("features", "x" * 201, "200 characters at most"),
    ],
)
def test_mistakes_are_named_at_their_field_and_what_was_typed_is_kept(
    signed_in: SignIn, boris: User, field: str, typed: str, why: str
) -> None:
    car = make_car()
    page = save(signed_in(boris), car, {field: typed})
    assert page.status_code == 422
    assert why in page.text and f'id="{field}-error"' in page.text and f'href="#{field}"' in page.text
    assert typed.strip() in page.text and "40 TDI quattro" in page.text
    assert session.get_one(Car, car.id).trim == ""


def test_a_choice_that_is_not_in_the_list_is_refused(signed_in: SignIn, boris: User) -> None:
    car = make_car(fuel=Fuel.DIESEL)
    page = save(signed_in(boris), car, {"fuel": "coal"})
    assert page.status_code == 422 and "Choose one of the list." in page.text
    assert session.get_one(Car, car.id).fuel is Fuel.DIESEL


def test_nobodys_work_is_overwritten_unseen(signed_in: SignIn, boris: User, olga: User) -> None:
    car, first, second = make_car(), signed_in(boris), signed_in(olga)
    mark = seen(first, car)
    save(second, car, {"mileage_km": "1"})
    page = first.post(f"/staff/cars/{car.id}", data=FORM | {"seen": mark, "mileage_km": "2"})
    assert page.status_code == 409 and "Somebody changed this car" in page.text
    assert 'value="2"' in page.text, "what was typed is kept"
    assert session.get_one(Car, car.id).mileage_km == 1
    assert save(first, car, {"mileage_km": "2"}).status_code == 303


def test_photos_and_status_do_not_stand_in_the_way_of_saving(signed_in: SignIn, boris: User) -> None:
    car, client = make_car(), signed_in(boris)
    mark = seen(client, car)
    client.post(f"/staff/cars/{car.id}/status", data={"status": "reserved"})
    assert client.post(f"/staff/cars/{car.id}", data=FORM | {"seen": mark}).status_code == 303


def test_fields_that_the_form_does_not_have_are_not_taken_over(signed_in: SignIn, boris: User) -> None:
    car = make_car()
    wish = {"status": "sold", "stock_number": "1", "slug": "x", "struck_cents": "99", "dealership_id": "2", "id": "9"}
    before = (car.status, car.stock_number, car.id)
    save(signed_in(boris), car, wish)
    assert (car.status, car.stock_number, car.id) == before and car.struck_cents != 99


def test_hostile_words_are_only_words(signed_in: SignIn, boris: User) -> None:
    car, client = make_car(), signed_in(boris)
    evil = "<script>alert(1)</script>{{7*7}}'\"--"
    save(client, car, {"trim": evil, "features": evil, "specifications": f"{evil}: {evil}"})
    page = client.get(f"/staff/cars/{car.id}").text
    assert "<script>alert" not in page and "&lt;script&gt;" in page and ">49" not in page


def test_history_says_what_changed_and_who_did_it(signed_in: SignIn, boris: User) -> None:
    car, client = make_car(fuel=Fuel.PETROL), signed_in(boris)
    save(client, car)
    page = client.get(f"/staff/cars/{car.id}").text
    assert "Petrol → Diesel, Boris Berg" in page and "€15,900 → €24,850, Boris Berg" in page
    entries = session.query(AuditEntry).order_by(AuditEntry.number).all()
    assert [each.action for each in entries] == ["edit car", "price car"]
    assert "vin" in entries[0].details["fields"] and "WAUZZZ" not in str(entries[0].details)


def test_others_are_told(signed_in: SignIn, boris: User, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setitem(events._listeners, CarsChanged, [told.append])
    car = make_car()
    save(signed_in(boris), car)
    assert told == [CarsChanged((car.id,)), CarsChanged((car.id,))]


def test_sales_read_without_cost_or_controls(signed_in: SignIn, ana: User, boris: User) -> None:
    car = make_car()
    save(signed_in(boris), car)
    page = signed_in(ana).get(f"/staff/cars/{car.id}").text
    assert "WAUZZZF2XKN012345" in page and "21,2" not in page
    for control in ('name="make"', "Save", "Add photos", "Withdraw", "Mark as sold"):
        assert control not in page
    assert "Reserve" in page


def test_sales_may_not_edit(signed_in: SignIn, ana: User) -> None:
    car, client = make_car(), signed_in(ana)
    assert client.post(f"/staff/cars/{car.id}", data=FORM).status_code == 403
    assert client.post("/staff/cars/", data=FORM).status_code == 403
    assert client.post(f"/staff/cars/{car.id}/price", data={"price": "1"}).status_code == 403
    assert client.post(f"/staff/cars/{car.id}/photos").status_code == 403
    assert session.get_one(Car, car.id).make == "Audi"


def test_another_houses_car_does_not_exist(signed_in: SignIn, boris: User, there: Dealership) -> None:
    with acting_for(there.id):
        theirs = make_car().id
    client = signed_in(boris)
    assert client.get(f"/staff/cars/{theirs}", check=False).status_code == 404
    for action, data in (("", FORM), ("/status", {"status": "sold"}), ("/price", {"price": "1"})):
        assert client.post(f"/staff/cars/{theirs}{action}", data=data, check=False).status_code == 404


@pytest.mark.parametrize(("typed", "cents"), [("19 990", 19_990_00), ("0", 0), ("", 0), ("€21.500,50", 21_500_50)])
def test_a_price_alone(signed_in: SignIn, boris: User, typed: str, cents: int) -> None:
    car = make_car()
    response = signed_in(boris).post(f"/staff/cars/{car.id}/price", data={"price": typed})
    assert response.status_code == 303
    assert session.get_one(Car, car.id).price_cents == cents


def test_a_price_that_is_none_changes_nothing(signed_in: SignIn, boris: User) -> None:
    car = make_car()
    assert signed_in(boris).post(f"/staff/cars/{car.id}/price", data={"price": "cheap"}).status_code == 422
    assert session.get_one(Car, car.id).price_cents == 15_900_00
