"""What the record says, for people: deeds, things, and what was before and after."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from kroi.accounts.audit.deeds import ACTIONS, THINGS
from kroi.accounts.words import LANGUAGES, ROLES
from kroi.web import filters

Words = Mapping[Any, str | LazyString]
Codes = Mapping[tuple[str, str], Words]
"""By deed and detail: what the codes that stand there are called. No detail: what the deed's details are called."""

LABELS = {
    "role": _l("role"), "from": _l("before"), "to": _l("after"), "fields": _l("what"), "with": _l("by"),
    "kind": _l("kind"), "reference": _l("reference"), "car": _l("car"), "file": _l("file"), "name": _l("name"),
    "email": _l("e-mail"), "phone": _l("phone"), "status": _l("status"), "price": _l("price"), "photos": _l("photos"),
    "activity": _l("entry"), "task": _l("task"), "due": _l("due"), "visit": _l("visit"), "what": _l("what"),
    "at": _l("when"), "how": _l("how"), "code": _l("why"), "why": _l("why"), "outcome": _l("outcome"),
    "count": _l("how many"), "people": _l("people"), "leads": _l("leads"), "rows": _l("rows"), "mail": _l("e-mail"),
    "score": _l("score"), "points": _l("points"), "rules": _l("points"), "merge": _l("merge"), "undone": _l("undone"),
    "pair": _l("pair"), "other": _l("the other"), "state": _l("decided"), "events": _l("events"), "on": _l("on"),
    "personal": _l("personal data"), "language": _l("language"), "ways": _l("ways"), "assignee": _l("whose"),
    "learnt_from": _l("learnt from"), "passkey": _l("passkey"), "withdrawn": _l("withdrawn"),
    "restored": _l("restored"), "kept": _l("kept"), "before": _l("before"), "after": _l("after"),
    "source": _l("source"), "interest": _l("wish"), "spam": _l("spam"), "privacy": _l("privacy text"),
    "marketing": _l("offers"), "reason": _l("why"), "step": _l("step"), "absence": _l("absence"),
    "auc": _l("how well it sorts"), "auc_rules": _l("how well the points sort"), "added": _l("added"),
    "unchanged": _l("unchanged"), "gone": _l("gone"),
}  # fmt: skip
_PAIRS = (("from", "to"), ("before", "after"))
VALUES = {role.value: word for role, word in ROLES.items()} | {
    "password": _l("password"),
    "password and code": _l("password and code"),
    "passkey": _l("passkey"),
    "invite": _l("invitation"),
    "reset": _l("new password"),
    "email": _l("e-mail"),
    "link": _l("link"),
    "owner": _l("owner"),
}
_LANGUAGES = ("language", "languages")
_MONEY = {"price car": ("from", "to")}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*(?:Z|[+-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True)
class Change:
    """One thing that an entry says: what, its value before (if it says one) and its value."""

    label: str
    before: str | None
    after: str


def action(name: str) -> str:
    """A deed in words; one that has none speaks for itself."""
    return str(ACTIONS.get(name, name.replace("_", " ").replace(".", " ")))


def thing(kind: str) -> str:
    """A kind of row in words."""
    return str(THINGS.get(kind, kind.replace("_", " ")))


def changes(details: Mapping[str, object], deed: str = "", codes: Codes | None = None) -> list[Change]:
    """What an entry's details say. `from` and `to` (or `before` and `after`) are one change, and so is a pair.

    `codes` are the words for codes, and for who is meant where a detail is somebody's number.
    """
    called = (codes or {}).get((deed, ""), {})
    said = {name: _told(deed, name, each, codes or {}) for name, each in details.items()}
    found = []
    for first, second in _PAIRS:
        if first in said and second in said:
            found.append(Change("", value(said.pop(first)), value(said.pop(second))))
    for name, each in said.items():
        match each:
            case {"from": before, "to": after} | [before, after] if name not in ("fields",) and isinstance(each, dict):
                found.append(Change(label(name, called), value(before), value(after)))
            case _:
                found.append(Change(label(name, called), None, value(each)))
    return found


def label(name: str, called: Words | None = None) -> str:
    """What a detail is called; `called` are the words of its own deed."""
    return str((called or {}).get(name) or LABELS.get(name, name.replace("_", " ")))


def value(said: object) -> str:
    """A detail's value in words."""
    if said is None or said == "" or said == []:
        return "–"
    if isinstance(said, bool):
        return str(_("yes") if said else _("no"))
    if isinstance(said, Mapping):
        return ", ".join(f"{label(str(name))}: {value(each)}" for name, each in said.items())
    if isinstance(said, Iterable) and not isinstance(said, str):
        return ", ".join(value(each) for each in said)
    return _moment(str(said)) or str(VALUES.get(str(said), said))


def _told(deed: str, name: str, said: object, codes: Codes) -> object:
    """The same value with words in the place of its codes, also of those inside it."""
    words = LANGUAGES if name in _LANGUAGES else codes.get((deed, name), {})
    if name in _MONEY.get(deed, ()) and isinstance(said, int):
        return filters.euros(said) if said else _("on request")
    return _in_words(said, words) if words else said


def _in_words(said: object, words: Words) -> object:
    if isinstance(said, Mapping):
        return {str(words.get(str(name), name)): _in_words(each, words) for name, each in said.items()}
    if isinstance(said, (list, tuple)):
        return [_in_words(each, words) for each in said]
    known = words.get(str(said))
    return said if known is None else str(known)


def _moment(said: str) -> str:
    """A moment as it stands in the record, as people write it; empty for anything else."""
    if not _MOMENT.fullmatch(said):
        return ""
    try:
        return filters.moment(datetime.fromisoformat(said))
    except ValueError:
        return ""
