"""What a file says about a car's status, or by leaving the car out, and what it may not say."""

from pathlib import Path

import pytest
from flask import Flask

from kroi.catalogue import service as catalogue
from kroi.catalogue.models import Car, CarEvent
from kroi.catalogue.rules import CarStatus
from kroi.core.errors import Invalid
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.catalogue.imports.importing import cars, four, import_text, only_car
from tests.support.makers import make_car

HEAD = "make,model,price,vin,stock number,status,colour"
VIN = "1FTEW1E45KFA45361"
GOLF = f"VW,Golf,15900,{VIN},,,red"


def test_sold_in_kroi_stays_sold_whatever_an_old_file_says(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)
    with transaction():
        catalogue.change_status(only_car(), CarStatus.SOLD)

    outcome = import_text(tmp_path, HEAD, f"VW,Golf,15900,{VIN},,available,red")

    assert only_car().status is CarStatus.SOLD
    assert four(outcome) == (0, 0, 1, 0)
    assert "stays sold" in (outcome.decisions[0].reason or "")


def test_the_files_status_moves_a_car_where_it_may_go(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)

    import_text(tmp_path, HEAD, f"VW,Golf,15900,{VIN},,sold,red")

    car = only_car()
    assert car.status is CarStatus.SOLD and car.sold_at is not None
    assert [line.after for line in session.query(CarEvent).filter_by(kind="status").order_by(CarEvent.id)] == [
        "available",
        "sold",
    ]


def test_cars_that_a_file_no_longer_names_stay_unless_somebody_says_otherwise(app: Flask, tmp_path: Path) -> None:
    by_hand = make_car()
    import_text(tmp_path, HEAD, GOLF, "VW,Polo,1,,7,,")

    kept = import_text(tmp_path, HEAD, GOLF)
    gone = import_text(tmp_path, HEAD, GOLF, withdraw_missing=True)

    assert kept.withdrawn == () and len(gone.withdrawn) == 1
    polo = session.query(Car).filter_by(stock_number="7").one()
    assert polo.status is CarStatus.WITHDRAWN and polo.withdrawn_at is not None
    assert session.get_one(Car, by_hand.id).status is CarStatus.AVAILABLE


def test_a_car_that_is_named_again_is_offered_again(app: Flask, tmp_path: Path) -> None:
    lines = (HEAD, GOLF, "VW,Polo,1,,7,,")
    import_text(tmp_path, *lines)
    import_text(tmp_path, HEAD, GOLF, withdraw_missing=True)

    outcome = import_text(tmp_path, *lines)

    assert four(outcome) == (0, 1, 1, 0)
    assert {car.status for car in cars()} == {CarStatus.AVAILABLE}


def test_a_car_that_a_person_withdrew_stays_withdrawn(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF)
    with transaction():
        catalogue.change_status(only_car(), CarStatus.WITHDRAWN)

    import_text(tmp_path, HEAD, GOLF)

    assert only_car().status is CarStatus.WITHDRAWN


def test_refused_rows_still_hold_their_car_and_an_unusable_file_withdraws_nothing(app: Flask, tmp_path: Path) -> None:
    import_text(tmp_path, HEAD, GOLF, "VW,Polo,1,,7,,")

    import_text(tmp_path, HEAD, f"VW,Golf,£1,{VIN},,,", "VW,Polo,1,,7,,", withdraw_missing=True)
    with pytest.raises(Invalid):
        import_text(tmp_path, HEAD, f"VW,Golf,£1,{VIN},,,", "VW,Polo,£1,,7,,", withdraw_missing=True)

    assert {car.status for car in cars()} == {CarStatus.AVAILABLE}
