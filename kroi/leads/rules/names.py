"""How alike two names are: of any script, in any order, with initials, nicknames, slips and lost marks."""

import enum
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from anyascii import anyascii
from rapidfuzz.distance import OSA

_DROPPED = frozenset({
    "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "herra", "rouva", "neiti", "herr", "frau", "fru", "froken",
    "pan", "pani", "harra", "proua", "von", "van", "der", "den", "de", "af", "zu", "la", "di", "du", "le",
})  # fmt: skip
_GENERATIONS = {
    "jr": "young", "junior": "young", "jnr": "young", "nuorempi": "young", "ii": "young", "iii": "third",
    "sr": "old", "senior": "old", "snr": "old", "vanhempi": "old",
}  # fmt: skip
# What people are called by their friends: each line one name in its forms, of several languages together. From general
# knowledge; a name may stand in several lines. It also tells given names from surnames, so plain ones stand there too.
_NICKNAMES = Path(__file__).with_name("nicknames.txt")
_AND = re.compile(r"[&+/]|\b(?:and|ja|och|und|i|sekä|да|и)\b", re.IGNORECASE)
_MERGED = (
    ("shch", "s"), ("tsch", "s"), ("stsh", "s"), ("sts", "s"), ("sch", "s"), ("sh", "s"), ("sz", "s"), ("cz", "c"),
    ("ph", "f"), ("th", "t"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("c", "k"), ("w", "v"), ("z", "s"),
    ("y", "i"), ("j", "i"), ("ie", "e"), ("aa", "a"), ("ae", "a"), ("oe", "o"), ("ue", "u"),
)  # fmt: skip


class Likeness(enum.StrEnum):
    """How one name stands to another, the nearest first."""

    EQUAL = "equal"
    NICKNAME = "nickname"
    VARIANT = "variant"
    """Forms of one name that differ by a letter: Aleksandr and Aleksander, but also the sisters Anna and Anni."""
    GIVEN = "given"
    """One of them says no more than the other's given name."""
    INITIAL = "initial"
    SLIP = "slip"
    FAMILY = "family"
    """One of them says no more than the other's surname, as far as anybody can tell."""
    FIRST = "first"
    """The given name is the same, the surname another one."""
    SISTER = "sister"
    """The given names differ by a letter: a slip, or brother and sister."""
    UNKNOWN = "unknown"
    OTHER = "other"


class _Bond(enum.IntEnum):
    EQUAL, NICKNAME, VARIANT, INITIAL, SLIP = 5, 4, 3, 2, 1


_WRITTEN_OUT = {_Bond.EQUAL, _Bond.NICKNAME, _Bond.VARIANT}


def tokens(name: str) -> list[str]:
    """The words of a name in small Latin letters, without titles; accents and umlauts are gone, letters are not."""
    latin = anyascii(name.casefold()).lower().replace("'", "").replace("`", "")
    return [word for word in re.findall(r"[a-z]+", latin) if word not in _DROPPED and word not in _GENERATIONS]


def key(name: str) -> str:
    """Names that may be one have the same key: first and last word by sound, nicknames by their name, in any order."""
    words = tokens(name)
    ends = [words[0], words[-1]] if len(words) > 1 else words
    return " ".join(sorted(min(_forms(word)) for word in ends))


def is_whole(name: str) -> bool:
    """Does it hold a given name and a surname, both written out?"""
    return len([word for word in tokens(name) if len(word) > 1]) > 1


def alike(one: str, other: str) -> Likeness:
    """How `one` stands to `other`."""
    first, second = tokens(one), tokens(other)
    if _is_several(one, first) or _is_several(other, second) or _generation(one, other):
        return Likeness.OTHER
    if not first or not second:
        return Likeness.UNKNOWN
    if sound("".join(first)) == sound("".join(second)):
        return Likeness.EQUAL
    short, long = sorted((first, second), key=len)
    bonds, used = _bonds(short, long)
    if None in bonds:
        return _partly(short, long, bonds, used)
    return _wholly(short, long, [bond for bond in bonds if bond], used)


def _wholly(short: Sequence[str], long: Sequence[str], bonds: Sequence[_Bond], used: Sequence[int | None]) -> Likeness:
    """Every word of the shorter name has its own in the longer one."""
    if _WRITTEN_OUT.issuperset(bonds):
        if len(short) == 1 < len(long):
            return Likeness.GIVEN if used == [0] and _is_given(short[0]) else Likeness.FAMILY
        weakest = min(bonds)
        return {_Bond.NICKNAME: Likeness.NICKNAME, _Bond.VARIANT: Likeness.VARIANT}.get(weakest, Likeness.EQUAL)
    if _WRITTEN_OUT.isdisjoint(bonds):
        return Likeness.OTHER
    if _Bond.SLIP not in bonds:
        return Likeness.INITIAL
    if bonds.count(_Bond.SLIP) > 1 or _Bond.INITIAL in bonds:
        return Likeness.OTHER
    slipped = bonds.index(_Bond.SLIP)
    return Likeness.SISTER if slipped == 0 or _is_given(short[slipped]) else Likeness.SLIP


def _partly(
    short: Sequence[str], long: Sequence[str], bonds: Sequence[_Bond | None], used: Sequence[int | None]
) -> Likeness:
    """Some word of each is not in the other: a new surname, or a relative."""
    leads_both = bonds[0] in (_Bond.EQUAL, _Bond.NICKNAME) and used[0] == 0
    left = [short[at] for at, bond in enumerate(bonds) if bond is None]
    left += [word for at, word in enumerate(long) if at not in used]
    if leads_both and _is_given(short[0]) and not all(_is_given(word) for word in left):
        return Likeness.FIRST
    return Likeness.FIRST if leads_both and not any(_is_given(word) for word in left) else Likeness.OTHER


def _bonds(short: Sequence[str], long: Sequence[str]) -> tuple[list[_Bond | None], list[int | None]]:
    """The best partner in the longer name for each word of the shorter one, nearest pairs first."""
    pairs = ((_bond(one, other), at, to) for at, one in enumerate(short) for to, other in enumerate(long))
    found = sorted(((bond, -abs(at - to), at, to) for bond, at, to in pairs if bond), reverse=True)
    bonds: list[_Bond | None] = [None] * len(short)
    used: list[int | None] = [None] * len(short)
    for bond, _distance, at, to in found:
        if bonds[at] is None and to not in used:
            bonds[at], used[at] = bond, to
    return bonds, used


def _bond(one: str, other: str) -> _Bond | None:
    if sound(one) == sound(other):
        return _Bond.EQUAL
    if _forms(one) & _forms(other):
        return _Bond.VARIANT if OSA.distance(one, other) == 1 else _Bond.NICKNAME
    if min(len(one), len(other)) == 1:
        return _Bond.INITIAL if one[0] == other[0] else None
    shorter = min(len(one), len(other))
    most = 2 if shorter >= 8 else 1 if shorter >= 4 else 0
    return _Bond.SLIP if OSA.distance(one, other) <= most else None


@cache
def sound(word: str) -> str:
    """A word as it sounds, roughly: what is spelt otherwise in another language becomes the same."""
    for written, heard in _MERGED:
        word = word.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", word)


@cache
def _forms(word: str) -> frozenset[str]:
    """The word's own sound, and the names that it is a form of."""
    return frozenset({sound(word), *_named().get(sound(word), ())})


def _is_given(word: str) -> bool:
    return sound(word) in _named()


@cache
def _named() -> dict[str, tuple[str, ...]]:
    """By sound: the names that a given name is a form of, each as the first word of its line, marked."""
    found: dict[str, list[str]] = {}
    for line in _NICKNAMES.read_text(encoding="ascii").splitlines():
        words = line.split()
        for word in words:
            found.setdefault(sound(word.replace("-", "")), []).append(f"={words[0]}")
    return {word: tuple(lines) for word, lines in found.items()}


def _is_several(name: str, words: Iterable[str]) -> bool:
    """`Matti ja Liisa Koski` are two."""
    return bool(_AND.search(name)) and len(list(words)) > 2


def _generation(one: str, other: str) -> bool:
    """Does one say senior and the other junior?"""
    said = [
        {_GENERATIONS[word] for word in re.findall(r"[a-z]+", name.casefold()) if word in _GENERATIONS}
        for name in (one, other)
    ]
    return said[0] != said[1]
