"""Photos that a file names: found beside it, made into pictures before anything is written."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kroi.catalogue.imports.rules import Row
from kroi.catalogue.imports.rules.tables import Picture
from kroi.catalogue.photos import rules as photo_rules
from kroi.catalogue.photos import service as photos
from kroi.catalogue.photos.making import Prepared
from kroi.catalogue.photos.rules import Fault

Each = TypeVar("Each")
_TOGETHER = 8  # photos that are made before the progress bar moves


@dataclass(frozen=True)
class Shown:
    """A photo whose pictures are made, and what it shows in words."""

    photo: Prepared
    alt: str


@dataclass(frozen=True)
class Pages:
    """The photos of one row, and the sentences about those that cannot be used."""

    shown: tuple[Shown, ...] = ()
    faults: tuple[str, ...] = ()


NONE = Pages()
Album = dict[int, Pages]
"""Photos by row number."""


def gather(
    rows: Sequence[Row], folder: Path, watch: Callable[[Sequence[int]], Iterable[int]] = lambda steps: steps
) -> Album:
    """Make the photos of all rows that may enter. Outside any transaction, since it takes a while."""
    named = [(row.number, each) for row in rows if row.car and not row.refusal for each in _named(row)]
    made: dict[int, list[Shown | str]] = {}
    for start in watch(range(0, len(named), _TOGETHER)):
        some = named[start : start + _TOGETHER]
        for (number, _picture), shown in zip(some, _made([each for _, each in some], folder), strict=True):
            made.setdefault(number, []).append(shown)
    return {
        number: Pages(
            tuple(each for each in several if isinstance(each, Shown)),
            tuple(each for each in several if isinstance(each, str)),
        )
        for number, several in made.items()
    }


def _named(row: Row) -> tuple[Picture, ...]:
    return row.car.photos[: photo_rules.MOST_PHOTOS] if row.car else ()


def _made(pictures: Sequence[Picture], folder: Path) -> list[Shown | str]:
    """Each picture made, or the sentence why not, in their order."""
    paths = [find_beside(each.where, folder) for each in pictures]
    found = iter(photos.prepare_many([path for path in paths if isinstance(path, Path)]))
    results = [next(found) if isinstance(path, Path) else path for path in paths]
    return [_shown(picture, result) for picture, result in zip(pictures, results, strict=True)]


def _shown(picture: Picture, result: Prepared | Fault | str) -> Shown | str:
    if isinstance(result, Prepared):
        return Shown(result, picture.alt)
    return f"photo {picture.where[:100]}: {photos.sentence(result) if isinstance(result, Fault) else result}"


def find_beside(where: str, folder: Path) -> Path | str:
    """The file in or below the folder, or the sentence why it is not used. Addresses on the web are not fetched."""
    if "://" in where or where.startswith("//"):
        return "it lies on the web, and is not fetched."
    try:
        path = (folder / where).resolve()
        inside = path.is_relative_to(folder.resolve()) and path.is_file() and os.access(path, os.R_OK)
    except (OSError, ValueError):
        inside = False
    return path if inside else "there is no such file beside the list."
