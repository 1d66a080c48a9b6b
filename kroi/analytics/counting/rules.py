"""From pages seen to numbers per day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from kroi.analytics.rules import PageKind, is_bot, page_of
from kroi.analytics.vitals.rules import Metric


class Sight(NamedTuple):
    """A page load as the request told it. It lives in memory for a second; only sums and digests are stored."""

    host: str
    path: str
    address: str
    agent: str
    measured: str = ""
    """What the browser said on leaving (`lcp=24 cls=0`, in buckets), when that is what was seen."""


@dataclass
class Tally:
    """What one batch adds to a dealership's day. `visitors` are pairs of address and user agent."""

    pages: Counter[PageKind] = field(default_factory=Counter)
    slugs: Counter[str] = field(default_factory=Counter)
    visitors: set[tuple[str, str]] = field(default_factory=set)
    vitals: Counter[tuple[PageKind, Metric, int]] = field(default_factory=Counter)

    def add(self, kind: PageKind, slug: str | None, sight: Sight) -> None:
        """One more page, or what was measured on one."""
        for word in sight.measured.split():
            metric, _is, bucket = word.partition("=")
            self.vitals[kind, Metric(metric), int(bucket)] += 1
        if sight.measured:
            return
        self.pages[kind] += 1
        self.visitors.add((sight.address, sight.agent))
        if slug is not None:
            self.slugs[slug] += 1


def tally(sights: Iterable[Sight], languages: tuple[str, ...]) -> Tally:
    """The sum of what people saw; machines are left out."""
    found = Tally()
    for sight in sights:
        page = page_of(_without_language(sight.path, languages))
        if page is not None and not is_bot(sight.agent):
            found.add(*page, sight)
    return found


def _without_language(path: str, languages: tuple[str, ...]) -> str:
    first = path[1:].split("/", 1)[0]
    return path[len(first) + 1 :] or "/" if first in languages else path
