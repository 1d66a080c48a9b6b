"""Reads what was made for Finnish or Swedish eyes, and says which of it is English."""

import re
from functools import cache
from html.parser import HTMLParser

from kroi.web import catalogues

LANGUAGES = ("fi", "sv")
_READ = ("alt", "title", "placeholder", "aria-label")


class _Spoken(HTMLParser):
    """Every text of a page that a person reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that people read, and the page's description."""
        self._silent += tag in ("script", "style", "template")
        given = dict(attrs)
        self.texts += [given[name] or "" for name in _READ if name in given]
        if tag == "meta" and given.get("name") == "description":
            self.texts.append(given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        """Leave what is for the browser."""
        self._silent -= tag in ("script", "style", "template")

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._silent:
            self.texts.append(data)


def english_on(page: str, language: str) -> list[str]:
    """The texts of a page that are English though its language has its own: whole, or a long part of a sentence."""
    reader = _Spoken()
    reader.feed(page)
    return english_among(reader.texts, language)


def english_among(texts: list[str], language: str) -> list[str]:
    """The same of texts that were taken apart already."""
    whole, parts = _english(language)
    shown = [" ".join(text.split()) for text in texts]
    return [text for text in shown if text in whole or any(part in text for part in parts)]


@cache
def _english(language: str) -> tuple[set[str], set[str]]:
    """Whole texts, and parts between placeholders that are long enough to be nothing else."""
    said, whole, parts = set(), set(), set()
    for message in catalogues.read(language):
        said |= set(_several(message.string))
        for source, own in zip(_several(message.id), _several(message.string), strict=False):
            if message.id and source != own:
                whole.add(source)
                parts |= {each.strip() for each in re.split(r"%\(\w+\)[sd]", source) if each.strip().count(" ") > 1}
    return whole - said, {part for part in parts if not any(part in each for each in said)}


def _several(words: object) -> list[str]:
    return [str(each).replace("%%", "%") for each in (words if isinstance(words, tuple | list) else [words])]
