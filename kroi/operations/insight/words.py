"""Counts and states as labels and values."""

from decimal import Decimal

from flask_babel import gettext as _

from kroi.cache import Lookups
from kroi.db.statistics import BOUNDS_MS, Counts
from kroi.notifications.queries import Queue
from kroi.operations.backup.records import Failure, Record, Trial
from kroi.web import filters

Facts = list[tuple[str, str]]
_QUICK = 10  # milliseconds


def statements(found: Counts) -> Facts:
    """What was asked, and how that went."""
    return [
        (_("Asked"), filters.number(found.queries)),
        (_("On average"), _milliseconds(found.milliseconds, found.queries)),
        (_("Slow"), filters.number(found.slow)),
        (_("Failed"), filters.number(found.failed)),
        (_("Given up after waiting"), filters.number(found.given_up)),
    ]


def transactions(found: Counts) -> Facts:
    """How they ended."""
    ended = found.committed + found.rolled_back
    return [
        (_("Stored"), filters.number(found.committed)),
        (_("Taken back"), filters.number(found.rolled_back)),
        (_("Tried again"), filters.number(found.retried)),
        (_("Open too long"), filters.number(found.overdue)),
        (_("Lost in the moment of storing"), filters.number(found.unknown)),
        (_("On average"), _milliseconds(found.transaction_milliseconds, ended)),
    ]


def connections(found: Counts) -> Facts:
    """What happened to them."""
    return [
        (_("Opened"), filters.number(found.opened)),
        (_("Broke off"), filters.number(found.lost)),
        (_("Not given back"), filters.number(found.leaked)),
        (_("Refused, all were in use"), filters.number(found.refused)),
    ]


def replica(found: Counts, behind: float | None) -> Facts:
    """How often it was asked, and how many seconds it is behind; `None` when it is away."""
    late = (
        _("%(number)s s", number=filters.decimal(Decimal(str(round(behind, 1))))) if behind is not None else _("away")
    )
    return [
        (_("Behind by"), late),
        (_("Read from the replica"), filters.number(found.replica_reads)),
        (_("Read from the main database after all"), filters.number(found.replica_refused)),
    ]


def cache(shared: Lookups, pages: Lookups, answers: str) -> Facts:
    """How often what was kept helped."""
    return [
        (_("Shared cache"), answers),
        (_("Found in it"), _hit_rate(shared)),
        (_("Asked of it"), filters.number(shared.hits + shared.misses)),
        (_("Public pages answered from memory"), _hit_rate(pages)),
        (_("Public pages asked for"), filters.number(pages.hits + pages.misses)),
    ]


def queue(found: Queue) -> Facts:
    """What waits to be sent."""
    oldest = filters.ago(found.oldest_due_at) if found.oldest_due_at else "–"
    return [(_("Waiting now"), filters.number(found.waiting)), (_("The oldest was due"), oldest)]


def trial(found: Trial | None, last: Record | None, failed: Failure | None) -> Facts:
    """The last backup that was put back for a trial and compared, the last good one, and a failure since."""
    said = [(_("When"), filters.moment(found.at) if found else _("none yet"))]
    if found:
        took = filters.decimal(Decimal(str(found.seconds)))
        said += [
            (_("Took"), _("%(number)s s", number=took)),
            (_("Rows found the same"), filters.number(found.rows)),
            (_("File"), found.file),
        ]
    made = filters.moment(last.made_at) if last else _("none yet")
    return [*said, (_("Last good backup"), made), (_("Failed since"), filters.moment(failed.at) if failed else "–")]


def times(found: list[int]) -> list[tuple[str, int, str]]:
    """How many statements took how long, up to the slowest: label, number and number in words; empty for none."""
    labels = [*(_upto(bound) for bound in BOUNDS_MS), _("longer")]
    last = max((place for place, number in enumerate(found) if number), default=-1)
    return [(label, number, filters.number(number)) for label, number in zip(labels, found, strict=True)][: last + 1]


def quick(found: list[int]) -> str:
    """The same in a sentence."""
    quick, whole = sum(found[: BOUNDS_MS.index(_QUICK) + 1]), sum(found)
    share = filters.percent(Decimal(quick) / whole) if whole else "–"
    return str(_("%(share)s took at most %(time)s.", share=share, time=milliseconds(_QUICK)))


def pool(name: str) -> str:
    """What a pool is for."""
    return str(
        {"main": _("Pages and chores"), "glance": _("Who is signed in"), "replica": _("The replica")}.get(name, name)
    )


def _upto(bound: int) -> str:
    if bound < 1000:
        return str(_("%(number)s ms", number=bound))
    return str(_("%(number)s s", number=filters.decimal(Decimal(bound) / 1000)))


def _hit_rate(found: Lookups) -> str:
    asked = found.hits + found.misses
    return filters.percent(Decimal(found.hits) / asked) if asked else "–"


def milliseconds(took: float) -> str:
    """A time, with the decimals that say something: most statements take a small part of a millisecond."""
    said = filters.number(round(took)) if took >= 10 else filters.decimal(Decimal(str(took)), 1 if took >= 1 else 2)
    return str(_("%(number)s ms", number=said))


def _milliseconds(total: float, times: int) -> str:
    return milliseconds(total / times) if times else "–"
