"""Which cars hold a word anywhere in their text, exactly as the database's LIKE finds it.

Words have no white space, so a word stands in a text when it stands in one of the text's tokens. Tokens that always
come together (a sentence of every description, the names one thing has in four languages) share one bitmap. Stock
numbers, which only one car has, and the tokens for which there is no room are kept as plain text and looked through.
"""

from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyroaring import BitMap

from kroi.core.text import fold

_MOST_TOKENS = 30_000
_LINES = 4_096  # cars in one piece of the plain text
_REMEMBERED = 8  # words that were asked for, each 0.1 MB of a million cars


class Texts:
    """What is added before `freeze` is packed tightly; what comes later lies beside it."""

    def __init__(self) -> None:
        self._tokens: dict[str, BitMap] = {}
        self._later: dict[str, BitMap] = {}
        self._pieces: list[_Piece] = []
        self._letters: set[str] = set()  # that occur in the plain text at all
        self._remembered: OrderedDict[str, BitMap] = OrderedDict()
        self._joined: str | None = None

    def tokens(self) -> Iterator[str]:
        """Every word of the texts, but for those kept as plain text."""
        yield from self._tokens
        yield from (token for token in self._later if token not in self._tokens)

    @property
    def number(self) -> int:
        """How many tokens there are."""
        return len(self._tokens) + len(self._later)

    def fill(self, texts: Iterable[tuple[int, str, str]]) -> None:
        """Pack the texts of many cars: position, stock number, text."""
        buffers: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for position, number, text in texts:
            for token in self._kept(position, number, text, buffers):
                buffers[token].append(position)
        together: dict[tuple[int, bytes], list[str]] = defaultdict(list)
        nothing = BitMap()
        for token in self._tokens | dict.fromkeys(buffers, nothing):
            found = buffers.get(token)
            together[id(self._tokens.get(token, nothing)), found.tobytes() if found else b""].append(token)
        for (_before, found_bytes), tokens in together.items():
            if found_bytes:
                merged = self._tokens.get(tokens[0], nothing) | BitMap(array("I", found_bytes))
                self._tokens.update(dict.fromkeys(tokens, merged))
        self._joined = None

    def freeze(self) -> None:
        """All is packed: let go of what is not needed. Copies lie closer together than what grew bit by bit."""
        packed = {id(bitmap): bitmap for bitmap in self._tokens.values()}
        for bitmap in packed.values():
            bitmap.run_optimize()
        copies = {key: bitmap.copy() for key, bitmap in packed.items()}
        self._tokens = {token: copies[id(bitmap)] for token, bitmap in self._tokens.items()}

    def add(self, position: int, number: str, text: str) -> None:
        """One car more. A car whose text changes gets a new position: nothing is ever taken out."""
        for token in self._kept(position, number, text, self._later):
            if token not in self._later:
                self._later[token] = BitMap()
                self._joined = None if token not in self._tokens else self._joined
            self._later[token].add(position)
        for word, found in self._remembered.items():
            if word in text:
                found.add(position)

    def _kept(self, position: int, number: str, text: str, more: Mapping[str, object]) -> set[str]:
        """The tokens of the text that get bitmaps; the others go into the plain text."""
        words = text.split()
        alone = {token for token in fold(number).split() if words.count(token) == 1}
        tokens = set(words)
        if len(self._tokens) + len(more) >= _MOST_TOKENS:
            alone |= {token for token in tokens if token not in self._tokens and token not in more}
        alone &= tokens
        if alone:
            if not self._pieces or len(self._pieces[-1].positions) >= _LINES:
                self._pieces.append(_Piece())
            self._pieces[-1].add(position, " ".join(alone))
            self._letters.update(*alone)
        return tokens - alone

    def holds(self, position: int, number: str, text: str) -> bool:
        """Is the car found by every word of this text (its number, and words kept as plain text, aside)?"""
        full = self.number >= _MOST_TOKENS
        tokens = (self._in(token) for token in {*text.split()} - {*fold(number).split()})
        return all(any(position in bitmap for bitmap in found) or (full and not found) for found in tokens)

    def _in(self, token: str) -> list[BitMap]:
        return [among[token] for among in (self._tokens, self._later) if token in among]

    def find(self, word: str) -> BitMap:
        """The positions whose text holds the word. Not to be changed."""
        found = self._remembered.get(word)
        if found is None:
            found = self._remembered[word] = self._look_for(word)
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        self._remembered.move_to_end(word)
        return found

    def _look_for(self, word: str) -> BitMap:
        tokens = list(self._holding(word))
        packed = {id(bitmap): bitmap for token in tokens if (bitmap := self._tokens.get(token)) is not None}
        later = [bitmap for token in tokens if (bitmap := self._later.get(token)) is not None]
        plain = self._letters.issuperset(word)
        return BitMap.union(
            BitMap([position for piece in self._pieces for position in piece.find(word)] if plain else []),
            *packed.values(),
            *later,
        )

    def _holding(self, word: str) -> Iterator[str]:
        if self._joined is None:
            self._joined = "\n" + "\n".join(self.tokens()) + "\n"
        joined, at = self._joined, -1
        while (at := joined.find(word, at + 1)) >= 0:
            end = joined.index("\n", at)
            yield joined[joined.rindex("\n", 0, at) + 1 : end]
            at = end - 1


class _Piece:
    """Some lines of text, each with the position of its car."""

    def __init__(self) -> None:
        self.positions = array("I")
        self._lines = ""

    def add(self, position: int, line: str) -> None:
        self.positions.append(position)
        self._lines += line + "\n"

    def find(self, word: str) -> Iterator[int]:
        line, seen, at = 0, 0, -1
        while (at := self._lines.find(word, at + 1)) >= 0:
            line += self._lines.count("\n", seen, at)
            seen = at
            yield self.positions[line]
            at = self._lines.index("\n", at) - 1
