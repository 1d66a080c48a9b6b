"""The list as it was asked for in words: understood, corrected, and relaxed rather than empty."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kroi.catalogue.listing import counts
from kroi.catalogue.listing import queries as listing
from kroi.catalogue.listing.queries import Page
from kroi.catalogue.rules.addresses import Asked
from kroi.catalogue.rules.filters import EVERYTHING, CarFilter, Sort
from kroi.catalogue.understanding import queries
from kroi.catalogue.understanding.rules import merging, relaxing, understand
from kroi.catalogue.understanding.rules.relaxing import Step


@dataclass(frozen=True)
class Found:
    """A page of the list. `left_out` is what was asked for in vain; `wanted` is all that was understood."""

    page: Page
    wanted: CarFilter
    left_out: CarFilter = EVERYTHING
    corrected: str = ""
    """The words that were looked for, when they are not those that were typed."""

    @property
    def is_relaxed(self) -> bool:
        """Was something given up so that anything is found?"""
        return bool(self.left_out.active())


def browse(asked: Asked, *, advice: bool = True) -> Found:
    """The page that was asked for. A text becomes filters, and is never answered by an empty page without need.

    Without `advice` nothing is looked for to comfort who finds nothing.
    """
    typed = asked.filter.q
    asked = resolve(asked)
    wanted = asked.filter
    may_relax = bool(typed) and not merging.is_exact(typed)
    page = listing.browse(asked, advice=advice and not may_relax)
    if not may_relax:
        return Found(page, wanted)
    if page.total:
        return Found(page, wanted, _unknown(wanted, page))
    corrected = queries.get_known().corrected(wanted.q) if not merging.is_exact(wanted.q) else wanted.q
    if corrected != wanted.q:
        wanted = replace(wanted, q=corrected)
        page = listing.browse(replace(asked, filter=wanted), advice=False)
    else:
        corrected = ""
    shown = wanted if page.total else _relax(wanted)
    if not page.total:
        page = listing.browse(replace(asked, filter=shown, after=None, page=1), advice=advice)
    if not page.total:
        return Found(listing.browse(asked, advice=advice), asked.filter)
    return Found(page, wanted, relaxing.left_out(wanted, page.filter), corrected)


def resolve(asked: Asked) -> Asked:
    """The same with what its text means as filters; words that are no filter stay."""
    if not asked.filter.q:
        return asked
    names = queries.get_known().names
    understood = understand(asked.filter.q, names)
    found = merging.merged(asked.filter, understood, names)
    sort = understood.sort if understood.sort and asked.sort is Sort.NEWEST else asked.sort
    return replace(asked, filter=found, sort=sort, after=asked.after if sort is asked.sort else None)


def _unknown(wanted: CarFilter, page: Page) -> CarFilter:
    """Makes and models that never were ours: the list ignores them, and the page says so."""
    return relaxing.left_out(wanted, page.filter)


def _relax(wanted: CarFilter) -> CarFilter:
    """As much of it as finds something: without one wish, the weakest that helps, or without several."""
    steps = relaxing.steps(wanted)
    singles = counts.count_each([relaxing.without(wanted, [step]) for step in steps])
    alone = next((step for step, number in zip(steps, singles, strict=True) if number), None)
    if alone:
        return relaxing.without(wanted, [alone])
    several = list(relaxing.prefixes(steps))
    numbers = counts.count_each([relaxing.without(wanted, given_up) for given_up in several])
    enough = next((given_up for given_up, number in zip(several, numbers, strict=True) if number), steps)
    return relaxing.without(wanted, _needed(wanted, enough))


def _needed(wanted: CarFilter, given_up: Sequence[Step]) -> list[Step]:
    """Of these only the steps without which nothing is found."""
    needed = list(given_up)
    for step in reversed(given_up):
        fewer = [each for each in needed if each != step]
        if counts.count_each([relaxing.without(wanted, fewer)])[0]:
            needed = fewer
    return needed
