"""The texts in other languages: gettext catalogues, read from their .po files when they are first needed.

No compiled file is kept: it could be older than its source, and two workers that start at once could both write it.
"""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask_babel import Domain

FOLDER = Path(__file__).resolve().parent.parent / "translations"
SOURCE = "en"  # the language that the texts are written in


def path_of(language: str) -> Path:
    """The file with the texts in `language`, where gettext's tools look for it."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue of `language` as it is written."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


@lru_cache(maxsize=8)
def translations(language: str) -> NullTranslations:
    """What says texts in `language`; the source language, and one without a catalogue, say them as they are written."""
    if language == SOURCE or not path_of(language).exists():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read(language))
    compiled.seek(0)
    found = Translations(compiled)
    found._catalog.pop("", None)  # the file's header, which an empty text would be "translated" to
    return found


class Catalogues(Domain):  # type: ignore[misc]  # flask_babel has no types
    """Where Flask-Babel looks texts up. `speaks` says in which language, now."""

    def __init__(self, speaks: Callable[[], str]) -> None:
        super().__init__()
        self._speaks = speaks

    def get_translations(self) -> NullTranslations:
        """The catalogue of the language being spoken."""
        return translations(self._speaks())
