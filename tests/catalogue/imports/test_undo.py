"""Taking an import back: what it did is undone, and what others rely on stays."""

from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from kroi.accounts.models import AuditEntry
from kroi.catalogue import service as catalogue
from kroi.catalogue.imports import undo
from kroi.catalogue.imports.events import UndoBegins
from kroi.catalogue.imports.undo import EDITED, Undone
from kroi.catalogue.models import Car, ImportRow, ImportRun, NumberSequence, Photo, PriceChange
from kroi.catalogue.rules import CarStatus, Colour
from kroi.core import events
from kroi.core.errors import Conflict, NotFound
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.leads.rules import LeadStatus
from tests.catalogue.imports.importing import cars, four, import_text, only_car
from tests.support.makers import make_lead

HEAD = "stock number,make,model,price,colour"
GOLF, POLO = "7,VW,Golf,15900,red", "8,VW,Polo,9900,blue"


def take_back(run_id: int | None) -> Undone:
    with transaction():
        done = undo.undo(run_id or 0)
    session.expire_all()
    return done


def test_added_cars_are_withdrawn_and_never_deleted(app: Flask, tmp_path: Path) -> None:
    first = import_text(tmp_path, HEAD, GOLF, POLO)

    done = take_back(first.run_id)

    assert (done.withdrawn, done.restored, done.kept) == (2, 0, ())
    assert {car.status for car in cars()} == {CarStatus.WITHDRAWN}
    assert session.query(ImportRun).one().undone_at is not None


def test_audit_log_ledger_and_numbers_stay(app: Flask, tmp_path: Path) -> None:
    first = import_text(tmp_path, "make,model,price", "VW,Golf,1")

    take_back(first.run_id)

    assert session.query(PriceChange).count() == 1 == session.query(ImportRow).count()
    assert [entry.action for entry in session.query(AuditEntry).order_by(AuditEntry.number)] == [
        "import stock",
        "undo import",
    ]
    assert session.query(NumberSequence).filter_by(name="stock").one().next == 10_002


def test_changes_go_back_and_the_ledger_tells_both_ways(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)
    second = import_text(tmp_path, HEAD, "7,VW,Golf Variant,14900,blue")

    done = take_back(second.run_id)

    car = only_car()
    assert (done.withdrawn, done.restored) == (0, 1)
    assert (car.model, car.model_slug, car.price_cents, car.struck_cents) == ("Golf", "golf", 15_900_00, None)
    assert car.colour is Colour.RED and "variant" not in car.search_text
    assert [line.price_cents for line in session.query(PriceChange).order_by(PriceChange.id)] == [
        15_900_00, 14_900_00, 15_900_00,
    ]  # fmt: skip


def test_after_an_undo_the_same_file_comes_in_again(app: Flask, tmp_path: Path) -> None:
    first = import_text(tmp_path, HEAD, GOLF)
    take_back(first.run_id)

    again = import_text(tmp_path, HEAD, GOLF)

    assert four(again) == (0, 1, 0, 0)
    assert only_car().status is CarStatus.AVAILABLE


def test_imports_are_undone_one_after_the_other(app: Flask, tmp_path: Path) -> None:
    first = import_text(tmp_path, HEAD, GOLF)
    second = import_text(tmp_path, HEAD, "7,VW,Golf,14900,red")

    assert take_back(second.run_id).kept == ()
    done = take_back(first.run_id)

    assert (done.withdrawn, done.kept) == (1, ())


def test_a_car_that_a_later_import_changed_is_kept(app: Flask, tmp_path: Path) -> None:
    first = import_text(tmp_path, HEAD, GOLF, POLO)
    import_text(tmp_path, HEAD, "7,VW,Golf,14900,red", POLO)

    done = take_back(first.run_id)

    assert [(kept.stock_number, kept.reason) for kept in done.kept] == [("7", EDITED)]
    assert done.withdrawn == 1


@pytest.mark.parametrize("touch", ["price", "status", "photo"])
def test_cars_that_staff_touched_since_are_kept_and_named(app: Flask, tmp_path: Path, touch: str) -> None:
    first = import_text(tmp_path, HEAD, GOLF, POLO)
    golf = cars()[0]
    with transaction():
        if touch == "price":
            catalogue.put_price(golf, 1_000_00)
        elif touch == "status":
            catalogue.change_status(golf, CarStatus.RESERVED)
        else:
            golf.photo_count = 1

    done = take_back(first.run_id)

    assert [(kept.title, kept.stock_number, kept.reason) for kept in done.kept] == [("Volkswagen Golf", "7", EDITED)]
    assert [car.status is CarStatus.WITHDRAWN for car in cars()] == [False, True]


def test_a_car_that_somebody_asked_about_since_is_kept(app: Flask, tmp_path: Path) -> None:
    first = import_text(tmp_path, HEAD, GOLF, POLO, "9,VW,up!,1,")
    golf, polo, _up = cars()
    make_lead(car=golf)
    make_lead(car=polo, status=LeadStatus.SPAM)

    done = take_back(first.run_id)

    assert [(kept.stock_number, kept.reason) for kept in done.kept] == [("7", "somebody asked about it")]
    assert done.withdrawn == 2


def test_a_question_from_before_the_import_keeps_nothing(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)
    make_lead(car=only_car())
    second = import_text(tmp_path, HEAD, "7,VW,Golf,14900,red")

    done = take_back(second.run_id)

    assert (done.restored, done.kept) == (1, ())


def test_a_room_above_may_keep_cars_and_say_why(app: Flask, tmp_path: Path) -> None:
    first = import_text(tmp_path, HEAD, GOLF, POLO)
    polo = cars()[1].id

    def keep(event: UndoBegins) -> None:
        event.keep.update({polo: "somebody asked about it"} if polo in event.car_ids else {})

    events.subscribe(UndoBegins, keep)
    try:
        done = take_back(first.run_id)
    finally:
        events._listeners[UndoBegins].remove(keep)

    assert [kept.reason for kept in done.kept] == ["somebody asked about it"]
    assert [car.status for car in cars()] == [CarStatus.WITHDRAWN, CarStatus.AVAILABLE]


def test_withdrawn_cars_are_offered_again(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF, POLO)
    second = import_text(tmp_path, HEAD, GOLF, withdraw_missing=True)

    take_back(second.run_id)

    assert {car.status for car in cars()} == {CarStatus.AVAILABLE}
    assert {car.withdrawn_at for car in cars()} == {None}


def test_photos_that_came_later_go_with_the_import_that_brought_them(app: Flask, tmp_path: Path) -> None:
    Image.effect_noise((640, 480), 60).save(tmp_path / "a.jpg")
    import_text(tmp_path, "id,make,model,images", "1,VW,Golf,")
    second = import_text(tmp_path, "id,make,model,images", "1,VW,Golf,a.jpg")

    done = take_back(second.run_id)

    assert (done.restored, done.kept) == (1, ())
    assert session.query(Photo).count() == 0 and only_car().photo_count == 0


def test_an_undo_is_done_once_and_only_by_the_owner_of_the_import(
    app: Flask, here: Dealership, there: Dealership, tmp_path: Path
) -> None:
    here_id, there_id = here.id, there.id
    first = import_text(tmp_path, HEAD, GOLF)
    with acting_for(there_id), pytest.raises(NotFound):
        take_back(first.run_id)
    with acting_for(here_id):
        take_back(first.run_id)
        with pytest.raises(Conflict):
            take_back(first.run_id)
        with pytest.raises(NotFound):
            take_back(999)
        assert session.query(Car).count() == 1
