"""What staff and imports do with a car's photos. The pictures are made before the transaction that shows them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from kroi.accounts import audit
from kroi.cache import forget
from kroi.catalogue.events import CarsChanged
from kroi.catalogue.models import Car, CarEvent, CarEventKind, Photo
from kroi.catalogue.photos import making, queries, rules
from kroi.catalogue.photos.images import Unusable
from kroi.catalogue.photos.making import Prepared, Source
from kroi.catalogue.photos.rules import Fault
from kroi.catalogue.photos.store import Folder, here
from kroi.core import clock, events
from kroi.core.errors import Invalid, NotFound
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import after_commit
from kroi.dealerships.quotas import service as quotas


def prepare(source: Source) -> Prepared:
    """Make a photo's pictures, outside any transaction since it takes a while; raises Invalid or Full."""
    _check_room()
    try:
        return making.prepare(here(), current_dealership_id(), source)
    except Unusable as error:
        raise Invalid(sentence(error.fault)) from error


def prepare_many(sources: Iterable[Source], *, threads: int = 2) -> list[Prepared | Fault]:
    """`prepare` for many, side by side, in their order; one that cannot be used answers with its fault. Raises Full."""
    _check_room()
    return making.prepare_many(here(), current_dealership_id(), sources, threads=threads)


def _check_room() -> None:
    if quotas.limits().storage_mb is not None:
        quotas.check_storage(here().used(current_dealership_id()))


def add_photo(car: Car, source: Source | Prepared, alt: str | None = None, *, at: datetime | None = None) -> Photo:
    """Show one more photo of the car, as its last. The same photo again changes nothing."""
    prepared = source if isinstance(source, Prepared) else prepare(source)
    photos = queries.list_photos(car.id)
    for photo in photos:
        if photo.digest == prepared.digest:
            return photo
    if len(photos) >= rules.MOST_PHOTOS:
        raise Invalid(_("A car has %(most)s photos at most.", most=rules.MOST_PHOTOS))
    photo = Photo(
        car_id=car.id,
        digest=prepared.digest,
        width=prepared.width,
        height=prepared.height,
        position=photos[-1].position + 1 if photos else 0,
        alt=(alt or "").strip()[:200],
    )
    session.add(photo)
    _changed(car, [*photos, photo], "added", at=at)
    return photo


def reorder(car: Car, photo_ids: Sequence[int]) -> None:
    """Put the photos into this order; those not named follow as they were."""
    photos = {photo.id: photo for photo in queries.list_photos(car.id)}
    wanted = dict.fromkeys(photo_ids)
    if not wanted.keys() <= photos.keys():
        raise Invalid(_("These are not the photos of this car."))
    ordered = [photos[each] for each in [*wanted, *(each for each in photos if each not in wanted)]]
    if ordered == list(photos.values()):
        return
    for position, photo in enumerate(ordered):
        photo.position = position
    _changed(car, ordered, "reordered")


def describe(car: Car, photo_id: int, alt: str) -> None:
    """Say in words what the photo shows."""
    photo = _get(car, photo_id)
    photo.alt = alt.strip()[:200]
    _changed(car, queries.list_photos(car.id), "described")


def remove_photo(car: Car, photo_id: int) -> None:
    """Take a photo off the car; its files go too, unless another car shows the same."""
    photo = _get(car, photo_id)
    session.delete(photo)
    session.flush()
    if not queries.count_uses(photo.digest):
        folder, dealership_id, digest = here(), current_dealership_id(), photo.digest
        after_commit(lambda: _delete(folder, dealership_id, digest))
    _changed(car, queries.list_photos(car.id), "removed")


def sentence(fault: Fault) -> str:
    """Why a file cannot be used, for the person who sent it."""
    sentences: dict[Fault, str] = {
        Fault.EMPTY: _("This file is empty."),
        Fault.TOO_HEAVY: _("This file is larger than 25 MB."),
        Fault.NOT_A_PHOTO: _("This file is not a photo. JPEG, PNG, WebP and AVIF can be used."),
        Fault.BROKEN: _("This photo is damaged or was cut short. Please send it again."),
        Fault.TOO_LARGE: _("This photo has too many pixels. Please save it 2,500 pixels wide and send it again."),
        Fault.TOO_SMALL: _("This photo is too small: its shorter side needs %(least)s pixels.", least=rules.LEAST_SIDE),
        Fault.TOO_NARROW: _("This picture is too long and narrow to be a photo of a car."),
    }
    return sentences[fault]


def _get(car: Car, photo_id: int) -> Photo:
    for photo in queries.list_photos(car.id):
        if photo.id == photo_id:
            return photo
    raise NotFound(_("This car has no such photo."))


def _delete(folder: Folder, dealership_id: int, digest: str) -> None:
    for name in reversed(rules.file_names(digest)):  # the last one says that all are there, so it goes first
        folder.delete(dealership_id, name)


def _summary(photo: Photo) -> dict[str, Any]:
    return {"digest": photo.digest, "width": photo.width, "height": photo.height, "alt": photo.alt}


def _changed(car: Car, photos: Sequence[Photo], what: str, *, at: datetime | None = None) -> None:
    """Keep the car's own summary of its photos in step, and write down what happened."""
    cover = rules.cover(photos)
    before, car.photo_count = car.photo_count or 0, len(photos)
    car.cover = None if cover is None else _summary(cover)
    session.add(
        CarEvent(
            car_id=car.id,
            kind=CarEventKind.PHOTOS,
            before=str(before),
            after=str(len(photos)),
            at=at or clock.now(),
            by_id=audit.actor_id(),
            reason=what,
        )
    )
    audit.record(f"photo {what}", "car", car.id, details={"photos": len(photos)})
    session.flush()
    forget("cars")
    events.publish(CarsChanged((car.id,)))
