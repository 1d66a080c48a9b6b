"""Imports in the database: every row ends, a second run changes nothing, and others' cars are not touched."""

from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from kroi.accounts import audit
from kroi.accounts.models import AuditEntry, User
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.imports import queries, service
from kroi.catalogue.imports.rules import Mapping, read_cars
from kroi.catalogue.models import Car, CarEvent, ImportRow, ImportRun, OldSlug, Photo, PriceChange, RowOutcome
from kroi.catalogue.rules import CarStatus, Colour
from kroi.core import events
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships.models import Dealership
from tests.catalogue.imports.importing import GROUND, cars, four, import_file, import_text, only_car

HEAD = "make,model,price,vin,stock number,status,colour"
VIN, OTHER_VIN = "1FTEW1E45KFA45361", "JTEZU11F88K007763"
GOLF = f"VW,Golf,15900,{VIN},,,red"


def test_a_row_becomes_a_car_on_sale(app: Flask, tmp_path: Path) -> None:
    outcome = import_text(tmp_path, HEAD, GOLF)

    car = only_car()
    assert four(outcome) == (1, 0, 0, 0)
    assert (car.make, car.make_slug, car.model_slug, car.price_cents) == ("Volkswagen", "volkswagen", "golf", 15_900_00)
    assert (car.status, car.colour, car.vin, car.trim) == (CarStatus.AVAILABLE, Colour.RED, VIN, "")
    assert car.listed_at is not None and car.stock_number in car.slug and "golf" in car.search_text
    assert car.paragraphs == [] and car.photo_count == 0 and not car.arriving


def test_ledger_history_log_and_audit_are_written(app: Flask, tmp_path: Path, boris: User) -> None:
    with audit.acting_as(boris.id):
        outcome = import_text(tmp_path, HEAD, GOLF, "Audi,,1,,,,")

    run = session.query(ImportRun).one()
    assert (run.id, run.added, run.refused, run.by_id) == (outcome.run_id, 1, 1, boris.id)
    assert run.mapping["understood"]["vin"] == "vin" and len(run.file_digest) == 64
    assert [line.price_cents for line in session.query(PriceChange)] == [15_900_00]
    assert [(line.before, line.after, line.by_id) for line in session.query(CarEvent)] == [
        (None, "available", boris.id)
    ]
    rows = queries.list_rows(run.id)
    assert [(row.row_number, row.outcome) for row in rows] == [(1, RowOutcome.ADDED), (2, RowOutcome.REFUSED)]
    assert "No model" in (rows[1].reason or "")
    assert [entry.action for entry in session.query(AuditEntry)] == ["import stock"]


def test_a_second_run_changes_nothing(app: Flask, tmp_path: Path) -> None:
    lines = (HEAD, GOLF, "VW,Polo,9000,,77,sold,", "VW,T-Roc,1,,,,", "VW,T-Roc,2,,,,", "VW,T-Roc,2,,,,")
    first = import_text(tmp_path, *lines)
    before = [(car.id, car.slug, car.updated_at, car.search_text) for car in cars()]

    again = import_text(tmp_path, *lines)

    assert (four(first), four(again)) == ((4, 0, 0, 1), (0, 0, 4, 1))
    assert [(car.id, car.slug, car.updated_at, car.search_text) for car in cars()] == before
    assert session.query(PriceChange).count() == 4 == session.query(CarEvent).count()


def test_a_dry_run_says_what_would_change_and_changes_nothing(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)
    path = tmp_path / "new.csv"
    path.write_text(f"{HEAD}\nVW,Golf,14900,{VIN},,,\nAudi,A4,1,,,,\n")

    planned = service.plan(read_cars(path, GROUND), {})

    assert four(planned) == (1, 1, 0, 0)
    change = planned.decisions[0].changes["price_cents"]
    assert (change.before, change.after) == (15_900_00, 14_900_00)
    assert only_car().price_cents == 15_900_00 and session.query(ImportRun).count() == 1


def test_what_changed_is_written_and_what_is_not_said_stays(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)

    outcome = import_text(tmp_path, HEAD, f"VW,Golf,14900,{VIN},,,")

    car = only_car()
    assert four(outcome) == (0, 1, 0, 0)
    assert (car.price_cents, car.colour) == (14_900_00, Colour.RED)
    assert [line.price_cents for line in session.query(PriceChange).order_by(PriceChange.id)] == [15_900_00, 14_900_00]


def test_a_reduction_shows_the_price_that_the_law_allows(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)

    import_text(tmp_path, HEAD, f"VW,Golf,14900,{VIN},,,")

    assert only_car().struck_cents == 15_900_00


def test_a_car_that_is_called_something_else_keeps_its_old_address(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)
    old = only_car().slug

    import_text(tmp_path, HEAD, f"VW,Golf Variant,15900,{VIN},,,red")

    car = only_car()
    assert car.model == "Golf Variant" and "golf-variant" in car.slug
    assert [(line.slug, line.car_id) for line in session.query(OldSlug)] == [(old, car.id)]


def test_cars_are_found_by_vin_then_number_then_id_then_the_whole_row(app: Flask, tmp_path: Path) -> None:
    head = "make,model,price,vin,stock number,id"
    rows = (f"VW,Golf,1,{VIN},,", "VW,Golf,2,,S-2,", "VW,Golf,3,,,id3", "VW,Golf,4,,,")
    import_text(tmp_path, head, *rows)
    ids = [car.id for car in cars()]

    outcome = import_text(
        tmp_path, head, "VW,Golf,4,,,", "VW,Golf,30,,,id3", "VW,Golf,20,,S-2,", f"VW,Golf,10,{VIN},,x1"
    )

    assert four(outcome) == (0, 3, 1, 0)
    assert {car.id: car.price_cents for car in cars()} == dict(zip(ids, (1000, 2000, 3000, 400), strict=True))


def test_a_changed_row_without_any_of_these_is_another_car(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, "VW,Golf,1,,,,")

    outcome = import_text(tmp_path, HEAD, "VW,Golf,2,,,,")

    assert four(outcome) == (1, 0, 0, 0) and outcome.nameless == 1 and len(cars()) == 2


def test_an_id_of_another_make_is_another_car(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, "id,make,model", "1,VW,Golf")

    outcome = import_text(tmp_path, "id,make,model", "1,Audi,A4")

    assert four(outcome) == (1, 0, 0, 0)


def test_a_stock_number_with_another_vin_is_refused(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, f"VW,Golf,1,{VIN},S-1,,")

    outcome = import_text(tmp_path, HEAD, f"VW,Golf,1,{OTHER_VIN},S-1,,")

    assert four(outcome) == (0, 0, 0, 1)
    assert "another VIN" in (outcome.decisions[0].reason or "")


def test_two_rows_of_one_car_do_not_fight(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, f"VW,Golf,1,{VIN},S-1,,")

    outcome = import_text(tmp_path, HEAD, f"VW,Golf,1,{VIN},,,", "VW,Golf,2,,S-1,,")

    assert four(outcome) == (0, 0, 1, 1)
    assert outcome.decisions[1].reason == "the same car as row 1"


def test_own_numbers_step_around_the_files_numbers(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, "VW,Golf,1,,10002,,", "VW,Polo,1,,,,", "VW,up!,1,,,,", "VW,Fox,1,,,,")

    assert [car.stock_number for car in cars()] == ["10002", "10001", "10003", "10004"]


def test_nothing_half_done(app: Flask, tmp_path: Path) -> None:
    def fail(event: CarsChanged) -> None:
        raise RuntimeError("a listener breaks at the last moment")

    events.subscribe(CarsChanged, fail)
    try:
        with pytest.raises(RuntimeError):
            import_text(tmp_path, HEAD, GOLF)
    finally:
        events._listeners[CarsChanged].remove(fail)

    for table in (Car, PriceChange, CarEvent, ImportRun, ImportRow, AuditEntry):
        assert session.query(table).count() == 0, table
    assert four(import_text(tmp_path, HEAD, GOLF)) == (1, 0, 0, 0)


def test_whoever_listens_hears_which_cars_changed(app: Flask, tmp_path: Path) -> None:
    heard: list[CarsChanged] = []
    events.subscribe(CarsChanged, heard.append)
    try:
        import_text(tmp_path, HEAD, GOLF)
        import_text(tmp_path, HEAD, GOLF)
    finally:
        events._listeners[CarsChanged].remove(heard.append)

    assert heard == [CarsChanged((only_car().id,))]


def test_another_dealerships_car_with_the_same_vin_is_not_this_one(
    app: Flask, here: Dealership, there: Dealership, tmp_path: Path
) -> None:
    here_id, there_id = here.id, there.id
    with acting_for(there_id):
        import_text(tmp_path, HEAD, f"VW,Golf,99,{VIN},S-1,,")
    with acting_for(here_id):
        outcome = import_text(tmp_path, HEAD, f"VW,Golf,1,{VIN},S-1,,", withdraw_missing=True)
        assert four(outcome) == (1, 0, 0, 0) and outcome.withdrawn == ()
        assert only_car().price_cents == 100
    with acting_for(there_id):
        assert only_car().price_cents == 9900


def test_photos_come_with_the_car_and_unusable_ones_are_named(app: Flask, tmp_path: Path) -> None:
    Image.effect_noise((640, 480), 60).save(tmp_path / "good.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "good.jpg").read_bytes()[:4000])
    (tmp_path.parent / "outside.jpg").write_bytes((tmp_path / "good.jpg").read_bytes())
    lines = ("make,model,images", 'VW,Golf,"good.jpg;cut.jpg;none.jpg;../outside.jpg;https://a.test/b.jpg"')

    outcome = import_text(tmp_path, *lines)
    again = import_text(tmp_path, *lines)

    assert (four(outcome), four(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    assert only_car().photo_count == 1 == session.query(Photo).count()
    reason = outcome.decisions[0].reason or ""
    assert reason.count("there is no such file") == 2
    assert "cut short" in reason and "lies on the web" in reason


def test_a_photo_that_is_new_is_a_change(app: Flask, tmp_path: Path) -> None:
    Image.effect_noise((640, 480), 60).save(tmp_path / "a.jpg")
    import_text(tmp_path, "id,make,model,images", "1,VW,Golf,")

    outcome = import_text(tmp_path, "id,make,model,images", "1,VW,Golf,a.jpg")

    assert four(outcome) == (0, 1, 0, 0) and only_car().cover is not None


def test_a_mapping_is_kept_with_the_import(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF, mapping=Mapping(currency="EUR"))

    assert session.query(ImportRun).one().mapping["said"] == {"currency": "EUR"}


def test_a_file_of_a_header_only_is_an_import_of_nothing(app: Flask, tmp_path: Path) -> None:
    outcome = import_text(tmp_path, HEAD)

    assert four(outcome) == (0, 0, 0, 0) and session.query(ImportRun).count() == 1


def test_json_is_imported_like_csv(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "cars.json"
    path.write_text('{"cars": [{"brand": "VW", "model": "Golf", "price": {"amount": 15900, "currency": "EUR"}}, {}]}')

    assert four(import_file(path)) == (1, 0, 0, 1)
    assert only_car().price_cents == 15_900_00
