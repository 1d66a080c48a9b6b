"""The demo as it is written down: pictures that fit their cars, and a story that can have happened."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from PIL import Image

from kroi.catalogue.rules import ON_SALE, CarStatus
from kroi.leads.rules import LeadStatus, moves
from kroi.operations.demo import history, rules
from kroi.operations.demo.rules import Calendar, DemoCar

CARS, LEADS = rules.cars(), rules.leads()
NOW = Calendar(datetime(2026, 11, 21, 15, 0, tzinfo=UTC), "Europe/Dublin")
SHOWN_AS = {"lightblue": "blue", "bronze": "brown", "sand": "beige", "hatch": "hatchback"}
ONE_VIEW = {"convertible-green", "pickup-bronze", "suv-black"}


def kit(car: DemoCar) -> str | None:
    """The set of pictures that a car shows: `estate-grey`."""
    return "-".join(car.pictures[0].split("-")[:2]) if car.pictures else None


def on_sale() -> list[DemoCar]:
    return [car for car in CARS if car.status in ON_SALE]


def test_there_is_a_real_dealers_mix_of_cars() -> None:
    assert 55 <= len(CARS) <= 66
    assert {car.status for car in CARS} == set(CarStatus)
    assert sum(car.prices[-1][1] == 0 for car in on_sale()) == 2
    assert sum(not car.pictures for car in on_sale()) == 3
    assert sum("arriving_in_days" in car.told for car in on_sale()) == 2
    assert sum(car.status is CarStatus.SOLD and (car.days_sold or 0) < 30 for car in CARS) >= 3


@pytest.mark.parametrize("car", CARS, ids=lambda car: car.key)
def test_every_picture_fits_its_cars_body_and_colour(car: DemoCar) -> None:
    for name in car.pictures:
        body, colour, _view = name.split("-", 2)
        assert SHOWN_AS.get(body, body) == car.told["body"], name
        assert SHOWN_AS.get(colour, colour) == car.told["colour"], name
        assert (rules.PICTURES / f"{name}.jpg").exists(), name
    views = {name.split("-")[2] for name in car.pictures}
    assert views in ({"front", "rear", "side"}, set()) or (views == {"front"} and kit(car) in ONE_VIEW)


def test_cars_of_one_set_are_never_near_each_other_in_newest() -> None:
    places: dict[str, list[int]] = {}
    for place, car in enumerate(on_sale()):
        places.setdefault(kit(car) or car.key, []).append(place)
    assert min(later - place for each in places.values() for place, later in combinations(each, 2)) >= 12


def test_one_car_was_photographed_upright() -> None:
    upright = [car for car in on_sale() if any(name.endswith("-upright") for name in car.pictures)]
    assert len(upright) == 1
    for name in upright[0].pictures:
        with Image.open(rules.PICTURES / f"{name}.jpg") as image:
            assert image.height > image.width


def test_pictures_are_few_light_and_all_used() -> None:
    files = {path.stem: path.stat().st_size for path in rules.PICTURES.iterdir()}
    assert sum(files.values()) < 8_000_000
    assert files.keys() == {name for car in CARS for name in car.pictures}


def test_vins_and_keys_are_the_cars_own() -> None:
    assert len({car.told["vin"] for car in CARS}) == len({car.key for car in CARS}) == len(CARS)
    for car in CARS:
        assert re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", car.told["vin"]) and "DEM" in car.told["vin"]


@pytest.mark.parametrize("car", CARS, ids=lambda car: car.key)
def test_a_cars_life_goes_forward(car: DemoCar) -> None:
    days = [day for day, _ in car.prices]
    assert days == sorted(days, reverse=True) and days[0] == car.days_listed
    assert all(later < before for (_, before), (_, later) in zip(car.prices, car.prices[1:], strict=False))
    assert all((car.days_sold or 0) <= day <= car.days_listed for day in days)
    facts = car.facts(NOW)
    assert facts.first_registration and facts.first_registration.year == facts.model_year
    assert facts.acquired_on and facts.acquired_on < NOW.day(-car.days_listed)


def test_leads_are_about_cars_that_were_there_and_move_as_leads_may() -> None:
    cars = {car.key: car for car in CARS}
    for lead in LEADS:
        if lead.car:
            assert cars[lead.car].days_listed >= lead.days, lead.draft.name
        status = LeadStatus.NEW
        minutes = [step[0] for step in lead.then]
        assert minutes == sorted(minutes), lead.draft.name
        for _, _, verb, *rest in lead.then:
            if verb == "status":
                assert moves.may_move(status, LeadStatus(rest[0])), f"{lead.draft.name}: {status} to {rest[0]}"
                status = LeadStatus(rest[0])


@pytest.mark.parametrize("hour", range(24))
def test_nobody_asks_about_a_car_before_it_is_there_whatever_time_it_is(hour: int) -> None:
    calendar = Calendar(datetime(2026, 11, 22, hour, 24, tzinfo=UTC), "Europe/Dublin")
    cars = {car.key: car for car in CARS}
    for lead in LEADS:
        if lead.car:
            listed = cars[lead.car].listed(calendar)
            assert listed <= lead.received(calendar, cars[lead.car]) < calendar.now, lead.draft.name


def test_the_past_turned_out_the_same_whenever_the_demo_is_made() -> None:
    def outcomes(now: datetime) -> list[tuple[str, int, bool]]:
        return [(each.name, each.facts.hour, each.won) for each in history.invent(Calendar(now, "Europe/Dublin"))]

    assert outcomes(NOW.now) == outcomes(NOW.now + timedelta(days=180, hours=9, minutes=17))


def test_nobody_real_is_in_the_demo() -> None:
    for lead in LEADS:
        assert re.search(r"@example\.(com|net|org)$", lead.draft.email or "@example.com"), lead.draft.name
        phone = lead.draft.phone or "+353 20 910"
        assert phone.startswith(("+353 20 910", "+44 28 9649 6", "+44 20 7946 0")), lead.draft.name
    assert rules.PROFILE["email"].endswith(".example")
