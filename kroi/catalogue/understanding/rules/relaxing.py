"""When nothing matches: which wish is given up first.

A word of the text before a colour, a colour before drive and gearbox, then the place where the car stands, then numbers
that are a little too strict, then what kind of car it is; the make is the last to go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kroi.catalogue.rules.filters import FACETS, SPANS, CarFilter, Choice, Span

_FIRST = ("colour", "drive", "transmission", "status", "location")
_LOOSENED = ("monthly", "mileage", "year", "price", "power")
_LAST = ("body", "fuel", "model", "power", "year", "mileage", "monthly", "price", "make")
_PERCENT = 20  # that a number may miss its bound
_YEARS = 2


@dataclass(frozen=True)
class Step:
    """One wish given up: a `word` of the text, a filter, or a filter that is only loosened."""

    name: str
    word: str = ""
    loosened: bool = False


def steps(wanted: CarFilter) -> list[Step]:
    """What could be given up, the weakest first."""
    active = set(wanted.active())
    words = [Step("q", word) for word in reversed(wanted.q.replace('"', " ").split())]
    return [
        *words,
        *(Step(name) for name in _FIRST if name in active),
        *(Step(name, loosened=True) for name in _LOOSENED if name in active),
        *(Step(name) for name in _LAST if name in active),
    ]


def without(wanted: CarFilter, given_up: Sequence[Step]) -> CarFilter:
    """What is left to be asked for."""
    dropped = {step.name for step in given_up if not step.loosened and not step.word}
    for step in given_up:
        if step.word:
            wanted = wanted.with_("q", _less(wanted.q, step.word))
        elif step.name in dropped:
            wanted = wanted.without(step.name)
        else:
            wanted = wanted.with_(step.name, _looser(step.name, wanted.span(step.name)))
    return wanted


def _less(text: str, word: str) -> str:
    words = text.replace('"', " ").split()
    if word in words:
        words.remove(word)
    left = " ".join(words)
    return f'"{left}"' if left and text.startswith('"') else left


def _looser(name: str, span: Span) -> Span:
    def moved(end: int | None, sign: int) -> int | None:
        if end is None:
            return None
        return end + sign * (_YEARS if name == "year" else end * _PERCENT // 100)

    return Span(moved(span.low, -1), moved(span.high, 1))


def left_out(wanted: CarFilter, shown: CarFilter) -> CarFilter:
    """What was wanted and is not asked for any more, or not as strictly."""
    found = CarFilter()
    for name in wanted.active():
        if name in FACETS:
            asked, still = wanted.choice(name), shown.choice(name)
            found = found.with_(name, Choice(_but(asked.any_of, still.any_of), _but(asked.none_of, still.none_of)))
        elif name in SPANS:
            found = found.with_(name, wanted.span(name)) if wanted.span(name) != shown.span(name) else found
        else:
            found = found.with_("q", " ".join(_but(_words(wanted.q), _words(shown.q))))
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace('"', " ").split())


def _but(asked: Sequence[str], still: Sequence[str]) -> tuple[str, ...]:
    return tuple(value for value in asked if value not in still)


def prefixes(found: Sequence[Step]) -> Iterator[Sequence[Step]]:
    """The weakest two, the weakest three, and so on."""
    return (found[:number] for number in range(2, len(found) + 1))
