"""What the record says, for people: deeds, things, and what was before and after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.accounts.words import ROLES

ACTIONS = {
    "sign in": _l("signed in"),
    "sign out": _l("signed out"),
    "sign out elsewhere": _l("signed out everywhere else"),
    "end session": _l("signed a device out"),
    "add": _l("added"),
    "change": _l("changed"),
    "change role": _l("changed the role"),
    "switch off": _l("switched off"),
    "switch on": _l("switched on"),
    "reset password": _l("made a first password"),
    "change password": _l("changed the own password"),
    "choose password": _l("chose a password by a link"),
    "send link": _l("sent a link"),
    "change profile": _l("changed the own profile"),
    "add second step": _l("turned on the second step"),
    "remove second step": _l("turned off the second step"),
    "renew recovery codes": _l("made new recovery codes"),
    "use recovery code": _l("used a recovery code"),
    "require second step": _l("changed who must have a second step"),
    "add passkey": _l("added a passkey"),
    "remove passkey": _l("removed a passkey"),
    "lead.received": _l("received an inquiry"),
    "import stock": _l("imported cars"),
    "undo import": _l("took an import back"),
    "import market": _l("imported market prices"),
    "change finance terms": _l("changed the finance terms"),
}
THINGS = {
    "user": _l("User"),
    "lead": _l("Lead"),
    "car": _l("Car"),
    "person": _l("Person"),
    "dealership": _l("Dealership"),
    "import": _l("Import"),
    "market": _l("Market"),
}
PAGES = {  # the pages of things: endpoint, and the name of its number
    "user": ("accounts_staff.user", "user_id"),
    "lead": ("leads_staff.lead", "lead_id"),
    "car": ("catalogue_staff.edit", "car_id"),
}
_LABELS = {
    "role": _l("role"), "from": _l("before"), "to": _l("after"), "fields": _l("what"), "with": _l("by"),
    "kind": _l("kind"), "reference": _l("reference"), "car": _l("car"), "file": _l("file"), "name": _l("name"),
    "email": _l("e-mail"), "phone": _l("phone"), "status": _l("status"), "price": _l("price"), "photos": _l("photos"),
}  # fmt: skip
_VALUES = {role.value: word for role, word in ROLES.items()} | {
    "password": _l("password"),
    "password and code": _l("password and code"),
    "passkey": _l("passkey"),
    "invite": _l("invitation"),
    "reset": _l("new password"),
}


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


def changes(details: Mapping[str, object]) -> list[Change]:
    """What an entry's details say. `from` and `to` are before and after, and so is a pair under any name."""
    said = dict(details)
    found = []
    if "from" in said and "to" in said:
        found.append(Change("", value(said.pop("from")), value(said.pop("to"))))
    for name, each in said.items():
        match each:
            case {"from": before, "to": after} | [before, after] if name not in ("fields",) and isinstance(each, dict):
                found.append(Change(label(name), value(before), value(after)))
            case _:
                found.append(Change(label(name), None, value(each)))
    return found


def label(name: str) -> str:
    """What a detail is called."""
    return str(_LABELS.get(name, name.replace("_", " ")))


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
    return str(_VALUES.get(str(said), said))
