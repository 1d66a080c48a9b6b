"""The round as its pages show it: who is next, who is owed what, and shares with their reasons in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from kroi.accounts import queries as accounts
from kroi.leads.assignment import fairness as figures
from kroi.leads.assignment import words
from kroi.leads.assignment.queries import Standing
from kroi.leads.assignment.rules.fairness import Compared, Difference, Share, explain, spread
from kroi.leads.assignment.rules.turns import TURN, Member, choose
from kroi.web import filters, place


@dataclass(frozen=True)
class Row:
    """One person's line of the fairness page."""

    name: str
    share: Share
    difference: str
    part: float
    """Their part of all turns, from 0 to 1."""
    answered: str


def overview(standings: Sequence[Standing], language: str, most_unanswered: int | None = None) -> dict[str, Any]:
    """Who takes part and who does not, and (user id) whose turn a lead in this language would be."""
    inside = [each for each in standings if each.takes_part]
    members = [
        Member(
            each.user.id,
            frozenset(each.languages),
            each.presence,
            each.cap,
            each.open_leads,
            each.owed,
            each.last_turn,
            unanswered=each.unanswered,
            most_unanswered=most_unanswered,
        )
        for each in inside
    ]
    return {
        "inside": inside,
        "outside": [each for each in standings if not each.takes_part],
        "next_id": choose(members, language).user_id,
        "owed": owed,
    }


def owed(parts: int) -> str:
    """What somebody is owed in words: `1.5 turns to come`, `0.5 turns ahead`, or `even`."""
    tenths = round(10 * abs(parts) / TURN)
    if not tenths:
        return str(_("even"))
    n = format_decimal(Decimal(tenths) / 10, "0.#", locale=place.current().language)
    if parts > 0:
        return str(ngettext("%(n)s turn to come", "%(n)s turns to come", 1 if tenths == 10 else 2, n=n))
    return str(ngettext("%(n)s turn ahead", "%(n)s turns ahead", 1 if tenths == 10 else 2, n=n))


def fairness(days: int, only: int | None) -> dict[str, Any]:
    """What the fairness page needs; `only` is the user whose figures alone may be seen."""
    shares = figures.list_shares(days)
    everybody = list(shares.values())
    names = accounts.names(shares)
    turns = sum(each.given for each in everybody)
    seen = [each for each in everybody if only in (None, each.user_id)]
    rows = [
        Row(
            name=names.get(each.user_id, "–"),
            share=each,
            difference=_difference(explain(each, everybody)),
            part=each.given / turns if turns else 0,
            answered=_minutes(each.median_answer),
        )
        for each in seen
    ]
    return {
        "rows": sorted(rows, key=lambda row: (-row.share.given, row.name)),
        "turns": turns,
        "people": sum(bool(each.draws) for each in everybody),
        "spread": spread(everybody),
        "all": only is None,
    }


def sheet_head() -> list[str]:
    """The columns of the same as a sheet."""
    return [
        _("Name"),
        _("Turns"),
        _("Of them known"),
        _("Taken"),
        _("Given by hand"),
        _("Taken back"),
        _("Won"),
        _("Answered, minutes"),
        _("Why"),
    ]


def sheet(rows: Iterable[Row]) -> Iterator[list[object]]:
    """The rows of the sheet."""
    for row in rows:
        share, seconds = row.share, row.share.median_answer
        yield [
            row.name,
            share.given,
            share.known,
            share.claimed,
            share.by_hand,
            share.taken_back,
            share.won,
            None if seconds is None else round(seconds / 60),
            row.difference,
        ]


def _minutes(seconds: int | None) -> str:
    return "–" if seconds is None else f"{filters.number(round(seconds / 60))}{filters.NO_BREAK}min"


def _difference(found: Difference) -> str:
    """Why somebody has fewer or more turns: `4 fewer than the others. Passed over: off shift (12), away (3)`."""
    if found.compared is Compared.ALONE:
        return "–"
    if found.compared is Compared.SAME:
        return str(_("as many as the others"))
    reasons = ", ".join(f"{words.PASSED[why]} ({count})" for why, count in found.reasons) or "–"
    if found.compared is Compared.FEWER:
        return str(_("%(n)s fewer than the others. Passed over: %(reasons)s", n=found.by, reasons=reasons))
    return str(_("%(n)s more than the others. They were passed over: %(reasons)s", n=found.by, reasons=reasons))
