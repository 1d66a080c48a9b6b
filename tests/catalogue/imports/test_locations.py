"""A file may say where its cars stand: by name or code, in four languages, again without a change, and undone."""

from pathlib import Path

import pytest

from kroi.catalogue import service
from kroi.catalogue.imports import undo
from kroi.catalogue.imports.rules import Ground, Mapping
from kroi.catalogue.imports.rules.mapping import from_words
from kroi.catalogue.imports.service import Outcome
from kroi.catalogue.models import Car, CarEvent, CarEventKind, RowOutcome
from kroi.catalogue.places import queries as places
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealership_queries
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from tests.catalogue.imports.importing import cars, four, import_file, only_car
from tests.leads.clock.asked import ask

HEADER = "Stock number,Make,Model,Price,Location"


@pytest.fixture
def several(here: Dealership) -> None:
    """There is a yard and a port beside the main place."""
    with transaction():
        dealerships.change_profile(here.id, locations=[{"id": 1, "name": "Yard"}, {"id": 2, "name": "Port Kilmara"}])
    dealership_queries.forget_map()


def take(folder: Path, *rows: str, header: str = HEADER, mapping: Mapping | None = None) -> Outcome:
    path = folder / "cars.csv"
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return import_file(path, mapping, ground=Ground("EUR", "km", 2026, places.get_spots()))


def where() -> dict[str, int | None]:
    return {car.stock_number: places.find_location_id(car.id) for car in cars()}


@pytest.mark.usefixtures("several")
def test_cars_stand_where_the_file_says_and_the_same_file_changes_nothing(tmp_path: Path) -> None:
    rows = ["a,Audi,A4,9000,Yard", "b,Audi,A6,9000,port kilmara", "c,Audi,A8,9000,A Motors", "d,Audi,Q5,9000,"]
    assert four(take(tmp_path, *rows)) == (4, 0, 0, 0)
    assert where() == {"a": 1, "b": 2, "c": None, "d": None}
    assert four(take(tmp_path, *rows)) == (0, 0, 4, 0) and where()["a"] == 1


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize("header", ["location", "Toimipiste", "filial", "Standort", "Anläggning", "Sijainti", "branch"])
@pytest.mark.parametrize("said", ["PORT KILMARA", "port-kilmara"])
def test_the_column_is_found_in_four_languages(tmp_path: Path, header: str, said: str) -> None:
    take(tmp_path, f"a,Audi,A4,9000,{said}", header=f"Stock number,Make,Model,Price,{header}")
    assert where() == {"a": 2}


@pytest.mark.usefixtures("several")
def test_a_place_that_is_none_is_noted_and_the_car_comes_in(tmp_path: Path) -> None:
    done = take(tmp_path, "a,Audi,A4,9000,Yard", "b,Audi,A6,9000,Atlantis")
    assert four(done) == (2, 0, 0, 0) and where() == {"a": 1, "b": None}
    assert done.decisions[1].reason == "location 'Atlantis' is not understood"


@pytest.mark.usefixtures("several")
def test_a_column_of_sellers_towns_is_not_used(tmp_path: Path) -> None:
    done = take(tmp_path, "a,Audi,A4,9000,Atlantis", "b,Audi,A6,9000,Turku")
    assert [each.reason for each in done.decisions] == [None, None]


@pytest.mark.usefixtures("several")
def test_a_mapping_may_say_what_a_place_is_called(tmp_path: Path) -> None:
    said = from_words({"columns": {"Lot": "location"}, "values": {"location": {"P2": "Port Kilmara"}}})
    take(tmp_path, "a,Audi,A4,9000,P2", header="Stock number,Make,Model,Price,Lot", mapping=said)
    assert where() == {"a": 2}


@pytest.mark.usefixtures("app")
def test_with_one_place_the_column_says_nothing(tmp_path: Path) -> None:
    done = take(tmp_path, "a,Audi,A4,9000,A Motors", "b,Audi,A6,9000,Yard")
    assert four(done) == (2, 0, 0, 0) and [each.reason for each in done.decisions] == [None, None]
    assert where() == {"a": None, "b": None}


@pytest.mark.usefixtures("several")
def test_a_car_that_moves_is_told_of_in_its_history_and_its_questions_follow(tmp_path: Path) -> None:
    take(tmp_path, "a,Audi,A4,9000,")
    lead_id = ask(car=only_car()).id
    done = take(tmp_path, "a,Audi,A4,9000,Yard")
    assert done.decisions[0].outcome is RowOutcome.CHANGED
    [line] = session.query(CarEvent).filter_by(kind=CarEventKind.EDITED).all()
    assert (line.reason, line.before, line.after) == ("location", "A Motors", "Yard")
    session.expire_all()
    assert session.get_one(Lead, lead_id).location_id == 1
    assert four(take(tmp_path, "a,Audi,A4,9000,")) == (0, 0, 1, 0), "what is not said stays"


@pytest.mark.usefixtures("several")
def test_an_import_that_is_undone_puts_its_cars_back(tmp_path: Path) -> None:
    take(tmp_path, "a,Audi,A4,9000,Port Kilmara", "b,Audi,A6,9000,")
    done = take(tmp_path, "a,Audi,A4,8000,Yard", "b,Audi,A6,9000,Yard")
    assert four(done) == (0, 2, 0, 0) and where() == {"a": 1, "b": 1}
    with transaction():
        assert undo.undo(done.run_id or 0).restored == 2
    assert where() == {"a": 2, "b": None}


@pytest.mark.usefixtures("several")
def test_a_car_that_somebody_moved_since_stays_there(tmp_path: Path) -> None:
    take(tmp_path, "a,Audi,A4,9000,")
    done = take(tmp_path, "a,Audi,A4,9000,Yard")
    with transaction():
        service.put_at(session.get_one(Car, only_car().id), 2)
    with transaction():
        undo.undo(done.run_id or 0)
    assert where() == {"a": 2}
