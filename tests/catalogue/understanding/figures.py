"""How well labelled queries are understood: every (parameter, value) pair counts once, each of several values too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kroi.catalogue.rules import addresses
from kroi.catalogue.understanding.rules import Model, Understood, Vocabulary, understand
from kroi.core.text import slug
from tests.catalogue.understanding import labels
from tests.catalogue.understanding.labels import Labelled

YEAR = 2026


@dataclass(frozen=True)
class Figures:
    """`right` pairs are understood and meant; `wrong` are understood only, `missed` meant only."""

    queries: int
    right: int
    wrong: int
    missed: int
    rests: int
    """Queries whose remaining words are those of the label."""
    faults: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of what is understood that is meant."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """The share of what is meant that is understood."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


def vocabulary() -> Vocabulary:
    """The stock of the labels."""
    entries = labels.vocabulary().items()
    return Vocabulary([Model(make, slug(make), name, slug(name)) for make, names in entries for name in names], YEAR)


def measure(queries: Sequence[Labelled], known: Vocabulary) -> Figures:
    """Reads every query and compares."""
    right = wrong = missed = rests = 0
    faults: list[str] = []
    for query in queries:
        understood = understand(query.text, known)
        found = pairs(understood)
        right += len(found & query.wanted)
        wrong += len(found - query.wanted)
        missed += len(query.wanted - found)
        rests += understood.words == query.rest
        if found != query.wanted:
            faults.append(f"{query.text}: +{sorted(found - query.wanted)} -{sorted(query.wanted - found)}")
    return Figures(len(queries), right, wrong, missed, rests, tuple(faults))


def pairs(understood: Understood) -> frozenset[tuple[str, str]]:
    """What was understood, as a label writes it."""
    sort = {("sort", understood.sort.value)} if understood.sort else set()
    return frozenset(addresses.pairs(understood.filter)) | sort


def arguments(found: Iterable[tuple[str, str]]) -> Mapping[str, Sequence[str]]:
    """Pairs as an address holds them."""
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in found:
        values[name].append(value)
    return values
