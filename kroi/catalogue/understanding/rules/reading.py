"""Goes through the words once and says what each may be: the longest names and phrases first."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from kroi.catalogue.understanding.rules import forms
from kroi.catalogue.understanding.rules.chunks import Chunk, key_of, parts_of
from kroi.catalogue.understanding.rules.lexicon import Kind, Senses, lexicon
from kroi.catalogue.understanding.rules.names import Pair, Vocabulary, needs_make

_LONGEST_PHRASE = 6  # words
_NUMBER = re.compile(r"\d+(?:[.,'’]\d{3})+|\d+(?:[.,]\d+)?")
_THOUSANDS = re.compile(r"\d+(?:[.,'’]\d{3})+")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}|\d+[.,]\d{4,}")
_GROUP = re.compile(r"\d{3}(?!\d|[.,]\d)")
_OPEN = re.compile(r"(?<![\d.,])\d{1,3}$")
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])[./]((?:19|20)\d\d)")  # and its year
_STROKES = re.compile(r"[-/+&]")
_HORSES = {"hp", "hv", "hk", "ps", "kw"}  # a number before "150 hv" is its own
_MOST_DIGITS = 9
_UNITS = (Kind.UNIT, Kind.JOIN, Kind.AFTER, Kind.BOUND)


@dataclass(slots=True)
class Item:
    """Some words, and what they may mean. `first` and `last` are their places; `used`: they became a filter."""

    first: int
    last: int
    key: str
    senses: Senses = field(default_factory=dict)
    number: Decimal | None = None
    used: bool = False
    stays: bool = False
    """It is understood and stays a text: a designation names the version, too."""

    def may_be(self, kind: Kind) -> bool:
        """Can it play this part, and plays no other yet?"""
        return kind in self.senses and not self.used

    @property
    def pair(self) -> Pair:
        """Make and model of a model."""
        return self.senses[Kind.MODEL]


class Reader:
    """Reads one text. The words' places are those in `chunks`."""

    def __init__(self, chunks: list[Chunk], vocabulary: Vocabulary) -> None:
        self._chunks = chunks
        self._names = vocabulary
        self._keys = [self._form(chunk) for chunk in chunks]
        self._named = self._all_makes()
        self.items: list[Item] = []

    def read(self) -> list[Item]:
        """Everything in its order."""
        at = 0
        while at < len(self._chunks):
            found = self._longest(at) or self._single(at)
            self.items += found
            at = found[-1].last + 1
        return self.items

    def _form(self, chunk: Chunk) -> str:
        """The key of a word without its slip or its ending."""
        key, words = chunk.key, lexicon()
        if chunk.exact or len(key) < 3 or key in words.known or not key.isalpha():
            return key
        if key in self._names.makes or key in self._names.own or key in self._names.parts:
            return key
        if ":" in chunk.folded:
            return key_of(chunk.folded.split(":")[0])
        found = forms.inflected(key) or self._inflected_name(key)
        return found or (key if forms.compound(key) else self._names.slips.meant(key) or key)

    def _inflected_name(self, key: str) -> str | None:
        for ending in lexicon().name_endings:
            stem = key[: -len(ending)]
            if len(stem) > 3 and key.endswith(ending) and self._is_name(stem):
                return stem
        return None

    def _is_name(self, key: str) -> bool:
        return key in self._names.makes or (key in self._names.own and not needs_make(key))

    def _all_makes(self) -> set[str]:
        found: set[str] = set()
        for at in range(len(self._keys)):
            joined = ""
            for key in self._keys[at : at + 3]:
                joined += key
                make = self._names.make(joined)
                found |= {make} if make else set()
        return found

    def _longest(self, at: int) -> list[Item]:
        """The longest name or phrase that begins here."""
        for count in range(min(_LONGEST_PHRASE, len(self._chunks) - at), 0, -1):
            part = self._chunks[at : at + count]
            if any(chunk.exact for chunk in part) or self._is_number_word(at):
                continue
            senses, stays = self._look_up("".join(self._keys[at : at + count]), part, at)
            if senses:
                key = "".join(self._keys[at : at + count])
                return [Item(at, at + count - 1, key, senses, stays=stays)]
        return []

    def _is_number_word(self, at: int) -> bool:
        """Is it a number in letters, with thousands behind it?"""
        if at + 1 >= len(self._keys) or self._keys[at] not in lexicon().numbers:
            return False
        return lexicon().senses.get(self._keys[at + 1], {}).get(Kind.UNIT) == ("thousand", "")

    def _look_up(self, key: str, part: list[Chunk], at: int) -> tuple[Senses, bool]:
        beside, directly = self._beside()
        senses = lexicon().senses.get(key)
        if senses and Kind.UNIT in senses and self.items and self.items[-1].number is not None:
            return senses, False
        if not _DECIMAL.fullmatch(part[0].folded) or len(part) > 1:
            name = self._name(key, part, beside, directly, at)
            if name:
                return name, False
        if senses:
            return senses, False
        pair = self._names.designation(key, beside, self._named) if len(part) == 1 else None
        return ({Kind.MODEL: pair}, True) if pair else ({}, False)

    def _name(self, key: str, part: list[Chunk], beside: str | None, directly: bool, at: int) -> Senses:
        if key.isdigit() and not self._may_be_digits(key, beside, directly, at, len(part)):
            return {}
        make = self._names.make(key) if not self._is_pronoun(key, at) else None
        joined = bool(self.items) and bool({Kind.OR, Kind.BETWEEN} & set(self.items[-1].senses))
        pair = self._names.model(key, beside, self._named, joined=joined) or self._names.bare(key, self._named)
        if pair is None and len(part) <= 2:
            pair = self._names.family(" ".join(chunk.folded for chunk in part), beside)
        if pair and (make is None or (make not in self._names.stock_makes and make != beside)):
            return {Kind.MODEL: pair}
        if make and all(len(chunk.key) > 1 for chunk in part) and (len(part) > 1 or not pair or pair[0] != beside):
            return {Kind.MAKE: (make, "")}
        return {Kind.MODEL: pair} if pair else {}

    def _is_pronoun(self, key: str, at: int) -> bool:
        """`jag` is a Jaguar before what can be said of a car, and "I" in a sentence."""
        if Kind.DROP not in lexicon().senses.get(key, {}) or at + 1 >= len(self._keys):
            return False
        following = self._keys[at + 1]
        names = self._names
        return not (
            following in lexicon().senses or following in names.own or (names.make(key), following) in names.beside
        )

    def _may_be_digits(self, key: str, beside: str | None, directly: bool, at: int, count: int) -> bool:
        """A model named by a number stands after its make, or cannot be a sum, a span or a year."""
        if beside is not None:
            return directly
        if needs_make(key) or count > 1:
            return False
        after = lexicon().senses.get(self._keys[at + 1], {}) if at + 1 < len(self._keys) else {}
        before = self.items[-1].senses if self.items else {}
        return Kind.UNIT not in after and not {Kind.BOUND, Kind.FIELD, Kind.JOIN, Kind.OPENER} & set(before)

    def _beside(self) -> tuple[str | None, bool]:
        """The make before this place, also with a model of it or an "or" between; and is there no model between?"""
        before, joined = list(self.items[-2:]), False
        if before and ({Kind.OR, Kind.BETWEEN} & set(before[-1].senses)):
            joined = True
            before.pop()
        if not before:
            return None, False
        last = before[-1].senses
        if Kind.MAKE in last:
            return last[Kind.MAKE][0], True
        if Kind.MODEL in last:
            return last[Kind.MODEL][0], joined
        return None, False

    def _single(self, at: int) -> list[Item]:
        """One word that is neither a name nor in a list: put together, a number, or only itself."""
        chunk, key = self._chunks[at], self._keys[at]
        if not chunk.exact:
            if self._is_number_word(at):
                return [Item(at, at, key, number=Decimal(lexicon().numbers[key]))]
            found = [Item(at, at, key, senses) for senses in forms.compound(key)] if key.isalpha() else []
            found = found or self._numbers(at) or self._joined(at)
            if found:
                return found
        return [Item(at, at, key)]

    def _numbers(self, at: int) -> list[Item]:
        """A word with digits as its parts, when all of them are numbers or stand beside numbers."""
        folded, last = self._chunks[at].folded, at
        if month := _MONTH.fullmatch(folded):
            return [Item(at, at, folded, number=Decimal(month[1]))]
        if not any(mark.isdigit() for mark in folded) and len(folded) > 3:
            return []
        is_open = bool(_OPEN.search(folded))
        while is_open and self._goes_on(last):
            last += 1
            folded += self._chunks[last].folded
            is_open = bool(_OPEN.search(self._chunks[last].folded))
        found = [self._part(part, at, last) for part in parts_of(folded)]
        return [item for item in found if item] if found and all(found) else []

    def _joined(self, at: int) -> list[Item]:
        """Known words with a stroke between them: volvo/audi, farkku-passat."""
        parts = [Chunk(part, part, key_of(part)) for part in _STROKES.split(self._chunks[at].folded) if part]
        found = [Item(at, at, part.key, self._look_up(self._form(part), [part], at)[0]) for part in parts]
        known = {Kind.VALUE, Kind.MAKE, Kind.MODEL}
        return found if len(found) > 1 and all(known & set(item.senses) for item in found) else []

    def _goes_on(self, last: int) -> bool:
        """Does the next word begin with the next three digits of the same number: 15 000?"""
        if last + 1 >= len(self._chunks):
            return False
        following = self._chunks[last + 1].folded
        after = self._chunks[last + 2].key if last + 2 < len(self._chunks) else ""
        return bool(_GROUP.match(following)) and not _HORSES & {after, following[3:]}

    def _part(self, part: str, first: int, last: int) -> Item | None:
        if _NUMBER.fullmatch(part):
            digits = re.sub(r"[.,'’]", "", part) if _THOUSANDS.fullmatch(part) else part.replace(",", ".")
            return Item(first, last, part, number=Decimal(digits)) if len(digits) <= _MOST_DIGITS else None
        senses = lexicon().senses.get(key_of(part), {})
        meant = {
            kind: meaning for kind, meaning in senses.items() if kind in _UNITS or kind is Kind.OR or kind is Kind.FIELD
        }
        if part in ("/", "'") or meant:
            return Item(first, last, key_of(part), meant)
        return None
