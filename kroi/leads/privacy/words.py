"""What is held about somebody, in words and numbers."""

from collections.abc import Callable, Mapping

from flask_babel import ngettext

from kroi.leads.privacy.rules import Erased

_SILENT = (
    "people",
    "leads",
    "person_pairs",
    "erasure_requests",
    "own_pages",
    "lead_facts",
    "round_leads",
    "hand_overs",
)


def held(counts: Mapping[str, int]) -> list[str]:
    """What would go, by kind: `3 inquiries`, `2 e-mails`, … `counts` are rows by table."""
    left = {table: count for table, count in counts.items() if table not in (*_SILENT, *_known(counts))}
    said = [*_known(counts).values(), ngettext("%(num)s other entry", "%(num)s other entries", sum(left.values()))]
    return said if left else said[:-1]


def done(erased: Erased) -> str:
    """What became of an erasure, for who did it."""
    said: str = ngettext(
        "Erased, with %(num)s inquiry and all that hung on it.",
        "Erased, with %(num)s inquiries and all that hung on them.",
        len(erased.lead_ids),
    )
    return said


def _known(counts: Mapping[str, int]) -> dict[str, str]:
    """The kinds that have a name of their own, those that are missed most first."""
    return {table: say(counts[table]) for table, say in _KINDS.items() if counts.get(table)}


_KINDS: Mapping[str, Callable[[int], str]] = {
    "leads": lambda n: str(ngettext("%(num)s inquiry", "%(num)s inquiries", n)),
    "mails": lambda n: str(ngettext("%(num)s e-mail", "%(num)s e-mails", n)),
    "activities": lambda n: str(ngettext("%(num)s line of the timeline", "%(num)s lines of the timeline", n)),
    "appointments": lambda n: str(ngettext("%(num)s visit", "%(num)s visits", n)),
    "tasks": lambda n: str(ngettext("%(num)s task", "%(num)s tasks", n)),
    "lead_files": lambda n: str(ngettext("%(num)s file", "%(num)s files", n)),
    "wish_photos": lambda n: str(ngettext("%(num)s photo of their car", "%(num)s photos of their car", n)),
    "outbox": lambda n: str(ngettext("%(num)s message, sent or queued", "%(num)s messages, sent or queued", n)),
    "notices": lambda n: str(ngettext("%(num)s notice to the staff", "%(num)s notices to the staff", n)),
}
