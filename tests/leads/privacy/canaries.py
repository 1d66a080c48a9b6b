"""Canaries: words that nobody else says, each remembered with the door it came in by, and how they may be written."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from functools import cached_property

from kroi.core import text
from kroi.leads.rules import names

_LETTERS = "bcdfghjklmnpqrstvwxz"
_HEAD = 4
_BREAKS = re.compile(rb"=?\r?\n[ \t]?")


@dataclass
class Canaries:
    """What was planted. `kept`: found before the erasing, and never after; `passing`: never stored at all."""

    kept: dict[str, str] = field(default_factory=dict)
    passing: dict[str, str] = field(default_factory=dict)
    planted: int = 0

    def word(self, door: str, *, passing: bool = False, ascii_only: bool = False) -> str:
        """A new word for this door; it wears dots over a letter unless it must not."""
        letters = self._letters()
        word = letters if ascii_only else f"{letters[:_HEAD]}ä{letters[_HEAD:]}"
        return self.note(door, word.capitalize(), passing=passing)

    def digits(self, door: str, *, passing: bool = False) -> str:
        """Eight digits."""
        number = int(hashlib.sha256(self._letters().encode()).hexdigest()[:12], 16)
        return self.note(door, str(20_000_000 + number % 70_000_000), passing=passing)

    def note(self, door: str, word: str, *, passing: bool = False) -> str:
        """Remember a word that came about otherwise."""
        assert word not in self.kept
        assert word not in self.passing
        (self.passing if passing else self.kept)[word] = door
        self.planted += 1
        return word

    def let_go(self, door: str) -> None:
        """What came by this door was written over or deleted: it stands in no row, and must stand in no file either."""
        (word,) = (each for each, came_by in self.kept.items() if came_by == door)
        self.passing[word] = self.kept.pop(word)

    def _letters(self) -> str:
        """Twelve consonants, which no language and no key of ours puts in a row."""
        drawn = hashlib.sha256(f"canary {self.planted}".encode()).digest()
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in drawn[:12])


@dataclass(frozen=True)
class Hay:
    """Bytes somewhere in which words may stand. `wrapped`: its lines may break within words, as mails do it."""

    where: str
    content: bytes
    wrapped: bool = False

    @cached_property
    def texts(self) -> tuple[bytes, ...]:
        """The bytes in lower case; of what is wrapped also without what stands between two lines."""
        low = self.content.lower()
        return (low, _BREAKS.sub(b"", low)) if self.wrapped else (low,)


def spellings(word: str) -> frozenset[bytes]:
    """How to know a word again however it was written down, in lower case.

    Its last eight letters are the same in UTF-8, Latin-1, JSON, addresses, quoted-printable, and folded for the search;
    in base64 they stand in one of three ways. By its sound it is found as people's names are.
    """
    if word.isdigit():
        return frozenset({word.encode(), f"{word[:4]} {word[4:]}".encode(), *_base64(word.encode())})
    tail = word[-8:].lower()
    wide = (tail.encode("utf-16-le"), tail.encode("utf-16-be"))
    return frozenset({tail.encode(), names.sound(text.fold(word)).encode(), *wide, *_base64(tail.encode())})


def _base64(raw: bytes) -> Iterator[bytes]:
    """The letters within base64, whichever of three bytes they begin at, without what their neighbours share."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        yield coded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6].lower()


def found_in(hays: Iterable[Hay], words: Mapping[str, str]) -> dict[str, list[str]]:
    """Where each of these words stands: the word with its door, and the places."""
    known = {word: spellings(word) for word in words}
    hits: dict[str, list[str]] = {}
    for hay in hays:
        for word, ways in known.items():
            if any(way in content for content in hay.texts for way in ways):
                hits.setdefault(f"{word} ({words[word]})", []).append(hay.where)
    return hits


def read_mail(where: str, raw: bytes) -> Iterator[Hay]:
    """A mail as it lies there, and as its reader sees it."""
    yield Hay(where, raw, wrapped=True)
    mail = message_from_bytes(raw, policy=default)
    yield Hay(f"{where} (headers)", "\n".join(f"{name}: {value}" for name, value in mail.items()).encode())
    for part in mail.walk():
        if not part.is_multipart():
            yield Hay(f"{where} (a part)", part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
