"""A lead's timeline as its page shows it: all of it, or the lines of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from kroi.leads.history.queries import Line, shown
from kroi.leads.models import ActivityKind

_MESSAGES, _CALLS, _NOTES, _VISITS, _CHANGES = "messages", "calls", "notes", "visits", "changes"
NAMES = {
    _MESSAGES: _l("Messages"),
    _CALLS: _l("Calls"),
    _NOTES: _l("Notes"),
    _VISITS: _l("Visits"),
    _CHANGES: _l("Changes"),
}
_GROUPS = {
    ActivityKind.RECEIVED: _MESSAGES,
    ActivityKind.WRITTEN: _MESSAGES,
    ActivityKind.MAIL: _MESSAGES,
    ActivityKind.MAIL_LATER: _MESSAGES,
    ActivityKind.AUTOMATIC: _MESSAGES,
    ActivityKind.CALL: _CALLS,
    ActivityKind.NOTE: _NOTES,
    ActivityKind.VISIT: _VISITS,
}


@dataclass(frozen=True)
class Timeline:
    """The lines that are shown, newest first; the groups that this lead has any of; and the one chosen, or empty."""

    lines: Sequence[Line]
    groups: Sequence[str]
    only: str

    @property
    def can_be_narrowed(self) -> bool:
        """Would it be shorter with one group alone?"""
        return len(self.groups) > 1


def of(lines: Sequence[Line], only: str = "") -> Timeline:
    """The timeline with one group alone; with all lines when `only` is no group that this lead has any of."""
    all_of_it = shown(lines)
    there = {_group(line) for line in all_of_it}
    chosen = only if only in there else ""
    narrowed = [line for line in all_of_it if not chosen or _group(line) == chosen]
    return Timeline(narrowed, [name for name in NAMES if name in there], chosen)


def _group(line: Line) -> str:
    """What is none of the others changed the lead."""
    return _GROUPS.get(line.activity.kind, _CHANGES)
