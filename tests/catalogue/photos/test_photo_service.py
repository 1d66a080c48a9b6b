"""Photos on cars: added, ordered, described, removed, and written down."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from kroi.accounts.models import AuditEntry
from kroi.catalogue.models import Car, CarEvent, CarEventKind
from kroi.catalogue.photos import queries, rules, service
from kroi.catalogue.photos.making import Prepared
from kroi.catalogue.photos.store import here
from kroi.core.errors import Invalid, NotFound
from kroi.db.model import session
from kroi.db.tenancy import acting_for, current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from tests.support.makers import make_car

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.slow]


def photo(colour: str, width: int = 400, height: int = 300) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def added(car: Car, *sources: bytes) -> list[int]:
    """The ids of these photos, added in this order."""
    prepared = [service.prepare(source) for source in sources]
    with transaction():
        return [service.add_photo(car, each).id for each in prepared]


def test_a_photo_stands_on_the_car_and_on_its_card() -> None:
    car = make_car()
    with transaction():
        shown = service.add_photo(car, photo("red"), alt="From the front")
    session.expire_all()
    assert car.photo_count == 1
    assert car.cover == {"digest": shown.digest, "width": 400, "height": 300, "alt": "From the front"}
    assert [each.id for each in queries.list_photos(car.id)] == [shown.id]


def test_the_first_landscape_photo_is_the_cover() -> None:
    car = make_car()
    _tall, wide, _other = added(car, photo("red", 300, 400), photo("blue"), photo("green"))
    assert car.cover and car.cover["digest"] == queries.list_photos(car.id)[1].digest
    with transaction():
        service.remove_photo(car, wide)
    assert car.cover and car.cover["digest"] == queries.list_photos(car.id)[1].digest
    assert car.photo_count == 2


def test_the_same_photo_again_changes_nothing() -> None:
    car = make_car()
    first, again = added(car, photo("red"), photo("red"))
    assert first == again and car.photo_count == 1


def test_photos_take_the_order_they_are_given() -> None:
    car = make_car()
    one, two, three = added(car, photo("red"), photo("blue"), photo("green"))
    with transaction():
        service.reorder(car, [three, one])
    assert [each.id for each in queries.list_photos(car.id)] == [three, one, two]
    assert car.cover and car.cover["digest"] == rules.digest(photo("green"))


def test_another_cars_photo_cannot_be_ordered_or_removed() -> None:
    car, other = make_car(), make_car()
    added(car, photo("red"))
    theirs = added(other, photo("blue"))
    with pytest.raises(Invalid), transaction():
        service.reorder(car, theirs)
    with pytest.raises(NotFound), transaction():
        service.remove_photo(car, theirs[0])


def test_a_photo_is_described_in_words() -> None:
    car = make_car()
    (one,) = added(car, photo("red"))
    with transaction():
        service.describe(car, one, "  Red, from the left ")
    assert car.cover and car.cover["alt"] == "Red, from the left"


def test_a_broken_file_is_refused_with_its_reason_and_the_car_stays() -> None:
    car = make_car()
    with pytest.raises(Invalid, match="damaged") as refusal, transaction():
        service.add_photo(car, photo("red")[:900])
    assert refusal.value.status == 422
    session.expire_all()
    assert car.photo_count == 0 and car.cover is None


def test_every_fault_has_a_sentence() -> None:
    assert len({service.sentence(fault) for fault in rules.Fault}) == len(rules.Fault)


def test_a_car_has_so_many_photos_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_PHOTOS", 1)
    car = make_car()
    added(car, photo("red"))
    with pytest.raises(Invalid, match="1 photos"), transaction():
        service.add_photo(car, photo("blue"))


def test_changes_of_photos_are_history_and_audited() -> None:
    car = make_car()
    (one,) = added(car, photo("red"))
    with transaction():
        service.remove_photo(car, one)
    events = session.scalars(select(CarEvent).where(CarEvent.kind == CarEventKind.PHOTOS).order_by(CarEvent.id))
    assert [(each.before, each.after, each.reason) for each in events] == [("0", "1", "added"), ("1", "0", "removed")]
    audited = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == car.id))
    assert list(audited) == ["photo added", "photo removed"]


def files(prepared: Prepared) -> list[Path]:
    paths = [here().path(current_dealership_id(), name) for name in rules.file_names(prepared.digest)]
    return [path for path in paths if path.exists()]


def test_files_go_with_the_last_car_that_shows_them() -> None:
    prepared = service.prepare(photo("#123456"))
    one, other = make_car(), make_car()
    with transaction():
        first, second = service.add_photo(one, prepared), service.add_photo(other, prepared)
    with transaction():
        service.remove_photo(one, first.id)
    assert len(files(prepared)) == 7
    with transaction():
        service.remove_photo(other, second.id)
    assert not files(prepared)


def test_an_undone_removal_keeps_the_files() -> None:
    prepared = service.prepare(photo("#654321"))
    car = make_car()
    with transaction():
        shown = service.add_photo(car, prepared)
    with pytest.raises(Invalid), transaction():
        service.remove_photo(car, shown.id)
        raise Invalid("No.")
    assert len(files(prepared)) == 7


def test_another_dealerships_photos_are_its_own(there: Dealership) -> None:
    car = make_car()
    (mine,) = added(car, photo("red"))
    digest = queries.list_photos(car.id)[0].digest
    car_id, there_id = car.id, there.id
    with acting_for(there_id):
        assert queries.list_photos(car_id) == [] and queries.count_uses(digest) == 0
        theirs = make_car()
        with pytest.raises(Invalid), transaction():
            service.reorder(theirs, [mine])


def test_ids_may_come_twice() -> None:
    car = make_car()
    one, two = added(car, photo("red"), photo("blue"))
    with transaction():
        service.reorder(car, [two, two, one])
    assert [each.id for each in queries.list_photos(car.id)] == [two, one]
