"""Which files are usable photos, what their pictures are called, and which one is the cover."""

import enum
import hashlib
import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

PIPELINE = b"kroi photo 2"  # change it when pictures come out differently, so that they are made anew
WIDTHS = (480, 720, 960, 1600)  # 720: a card on a phone, which at 960 weighed half as much again
MOST_BYTES = 25_000_000
MOST_PHOTOS = 60  # of one car
LEAST_SIDE = 200
MOST_RATIO = 3

# What a decoder needs at its worst stays within 150 MB. JPEG is read at a fraction of its size, the others whole.
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 12_500_000, "AVIF": 12_500_000, "WEBP": 8_000_000}
MOST_PIXELS_CLEAR = 9_000_000  # with transparency
MOST_PIXELS_DECODED = 16_000_000
MOST_LAYERED_SAMPLES = 54_000_000  # a JPEG in layers ("progressive") is held whole, two bytes a sample
MOST_LAYERS = 64

_NAME = re.compile(r"([0-9a-f]{32})-(480|720|960|1600)\.(webp|jpg)", re.ASCII)


class Fault(enum.StrEnum):
    """Why a file cannot be used as a photo."""

    EMPTY = "empty"
    TOO_HEAVY = "too_heavy"
    NOT_A_PHOTO = "not_a_photo"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    TOO_NARROW = "too_narrow"


class Shape(Protocol):
    """Anything with a width and a height in pixels."""

    @property
    def width(self) -> int:
        """Pixels from left to right, as a person sees it."""

    @property
    def height(self) -> int:
        """Pixels from top to bottom, as a person sees it."""


Shaped = TypeVar("Shaped", bound=Shape)


def digest(content: bytes) -> str:
    """The name of everything made from this file: the same content is never made twice."""
    return hashlib.sha256(PIPELINE + content).hexdigest()[:32]


def kinds(width: int) -> tuple[str, ...]:
    """The kinds of picture of a width: without WebP a browser is shown another width."""
    return ("webp",) if width == 720 else ("webp", "jpg")


def file_name(digest: str, width: int, kind: str) -> str:
    """The name of one picture, on disk and in its address."""
    return f"{digest}-{width}.{kind}"


def file_names(digest: str) -> tuple[str, ...]:
    """All pictures of one photo; the last is written last, so with it all are there."""
    return tuple(file_name(digest, width, kind) for width in WIDTHS for kind in kinds(width))


def is_file_name(name: str) -> bool:
    """Could this be one of our pictures? Nothing else is ever looked for on disk."""
    return _NAME.fullmatch(name) is not None


def fault_of_weight(size: int) -> Fault | None:
    """What is wrong with a file of `size` bytes."""
    if size == 0:
        return Fault.EMPTY
    return Fault.TOO_HEAVY if size > MOST_BYTES else None


def fault_of_shape(kind: str, width: int, height: int, *, clear: bool = False) -> Fault | None:
    """What is wrong with a photo of this kind (JPEG, PNG …) and size, known before its pixels are read."""
    most = min(MOST_PIXELS[kind], MOST_PIXELS_CLEAR) if clear else MOST_PIXELS[kind]
    if width * height > most:
        return Fault.TOO_LARGE
    if min(width, height) < LEAST_SIDE:
        return Fault.TOO_SMALL
    return Fault.TOO_NARROW if max(width, height) > MOST_RATIO * min(width, height) else None


def fault_of_layers(layers: int, samples: int) -> Fault | None:
    """What is wrong with a JPEG of so many layers and samples (pixels times channels)."""
    if layers > MOST_LAYERS:
        return Fault.BROKEN
    return Fault.TOO_LARGE if layers > 1 and samples > MOST_LAYERED_SAMPLES else None


def decoding_fraction(width: int, height: int) -> int:
    """1, 2, 4 or 8: a JPEG of this upright size is read at one part in so many, still wide enough or small enough."""
    fraction = 1
    while fraction < 8 and (width >= 2 * fraction * WIDTHS[-1] or width * height > MOST_PIXELS_DECODED * fraction**2):
        fraction *= 2
    return fraction


def fitted(width: int, height: int, most: int) -> tuple[int, int]:
    """The size at a width of at most `most`: never enlarged, the shape kept."""
    made = made_width(width, most)
    return made, max(1, round(height * made / width))


def made_width(original: int, asked: int) -> int:
    """How wide the picture named `asked` really is: a smaller original is not enlarged."""
    return min(original, asked)


def cover(photos: Sequence[Shaped]) -> Shaped | None:
    """The first landscape photo stands on the card, else the first one."""
    landscape = (each for each in photos if each.width > each.height)
    return next(landscape, photos[0] if photos else None)


def moved(order: Sequence[int], photo: int, where: str) -> list[int]:
    """The order with one photo moved one place `earlier` or `later`, or `first`; anything else changes nothing."""
    steps = {"earlier": -1, "later": 1, "first": -len(order)}
    if photo not in order or where not in steps:
        return list(order)
    rest = [each for each in order if each != photo]
    at = min(max(order.index(photo) + steps[where], 0), len(rest))
    return [*rest[:at], photo, *rest[at:]]
