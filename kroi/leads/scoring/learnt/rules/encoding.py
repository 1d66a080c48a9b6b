"""How a fact becomes one of a few levels: categories as they are, numbers in bands, what is not known as itself."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Value = str | float | bool | None
Row = Mapping[str, Value]

MISSING, OTHER = "?", "*"
BANDS = 8  # at most, of a number
LEAST = 15  # leads that a level needs to stand for itself
LEAST_SHARE = 0.005


@dataclass(frozen=True)
class Fact:
    """One fact and its levels. `edges` are the upper bounds of a number's bands, each included, the last band open."""

    name: str
    levels: tuple[str, ...]
    edges: tuple[float, ...] | None = None

    def level(self, value: Value) -> str:
        """The level that a value stands on; what was never, or hardly ever, seen stands on `OTHER`."""
        found = _band(value, self.edges) if self.edges is not None else _word(value)
        if found in self.levels:
            return found
        return OTHER if OTHER in self.levels else ""


def learn(rows: Sequence[Row], numbers: Iterable[str]) -> tuple[Fact, ...]:
    """The levels of every fact in `rows`; `numbers` names those that are numbers. A fact that never varies is none."""
    numeric, least = frozenset(numbers), max(LEAST, int(len(rows) * LEAST_SHARE))
    names = list(rows[0]) if rows else []
    facts = [_learn(name, [row[name] for row in rows], name in numeric, least) for name in names]
    return tuple(fact for fact in facts if len(fact.levels) > 1)


def _learn(name: str, values: Sequence[Value], is_number: bool, least: int) -> Fact:
    edges = _edges([float(value) for value in values if value is not None]) if is_number else None
    seen = Counter(_band(value, edges) if edges is not None else _word(value) for value in values)
    common = sorted(level for level, count in seen.items() if count >= least)
    rare = sum(count for level, count in seen.items() if count < least)
    return Fact(name, (*common, OTHER) if rare else tuple(common), edges)


def _edges(values: list[float]) -> tuple[float, ...]:
    """Bounds that part the values into bands of about equal size; one value held by many is a band of its own."""
    values.sort()
    places = (len(values) * band // BANDS for band in range(1, BANDS))
    bounds = sorted({values[place] for place in places}) if values else []
    return tuple(bound for bound in bounds if bound < values[-1])


def _band(value: Value, edges: Sequence[float]) -> str:
    if value is None:
        return MISSING
    place = bisect_left(edges, float(value))
    low = f"{edges[place - 1]:g}" if place else ""
    high = f"{edges[place]:g}" if place < len(edges) else ""
    return f"{low}..{high}"


def _word(value: Value) -> str:
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
