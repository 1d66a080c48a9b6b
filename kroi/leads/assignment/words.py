"""How the round explains itself: why somebody got a lead, and why the others did not."""

from collections.abc import Mapping
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.leads.assignment.rules.reasons import Code, How, Passed
from kroi.leads.assignment.rules.shifts import Presence
from kroi.web import place

PRESENCES = {
    Presence.ON: _l("On shift"),
    Presence.OFF: _l("Off shift"),
    Presence.AWAY: _l("Away"),
}
PASSED = {
    Passed.OFF_SHIFT: _l("off shift"),
    Passed.AWAY: _l("away"),
    Passed.FULL: _l("hands full"),
    Passed.UNANSWERED: _l("has others to answer first"),
    Passed.LANGUAGE: _l("another language"),
    Passed.HAD_IT: _l("had it before"),
    Passed.LATER: _l("comes later"),
}
_NOBODY = {
    Code.NOBODY_IN_ROUND: _l("found nobody for it: nobody takes part in the round"),
    Code.NOBODY_ON_SHIFT: _l("keeps it until somebody is on shift"),
    Code.ALL_FULL: _l("found nobody for it: everybody on shift has their hands full"),
    Code.ALL_BUSY: _l("keeps it until somebody on shift has answered the leads they have"),
    Code.NOBODY_ELSE: _l("found nobody else for it on shift"),
}

Names = Mapping[int, str]
Facts = Mapping[str, Any]


def said(facts: Facts, names: Names, by_id: int | None = None) -> str:
    """What happened, after the name of whoever did it (`by_id`; nobody is Kroi). `names` are of staff, by id."""
    how, code = _known(How, facts.get("how")), _known(Code, facts.get("code"))
    if code is Code.TOO_OFTEN:
        return str(_("gave it to %(n)s people in vain, so it waits in the pool", n=facts.get("hand", 0)))
    if code in _NOBODY:
        return str(_NOBODY[code])
    if how is How.TAKEN_BACK:
        return _taken_back(facts, names)
    if facts.get("after") is None:
        return str(_("gave it back"))
    if how in (How.ROUND, How.KNOWN):
        return _given(facts, code, names)
    if how is How.CLAIMED or facts["after"] == by_id:
        return str(_("took it"))
    return str(_("gave it to %(name)s", name=_name(facts["after"], names)))


def why_not(facts: Facts, names: Names) -> str:
    """Why the others did not get it: `Conor Nally (away), Tom Keane (hands full)`; who just comes later is left out."""
    told = [(user_id, _known(Passed, why)) for user_id, why in facts.get("passed", ())]
    return ", ".join(
        f"{_name(user_id, names)} ({PASSED[why]})"
        for user_id, why in told
        if why is not None and why is not Passed.LATER
    )


def language(code: str) -> str:
    """A language by its name in the language being spoken."""
    return str(Locale.parse(code).get_display_name(place.current().language) or code)


def _given(facts: Facts, code: Code | None, names: Names) -> str:
    words = _why(code, _name(facts["after"], names))
    if not facts.get("spoken", True):
        words = _("%(words)s; nobody who could take it speaks %(language)s", words=words, language=_tongue(facts))
    others = why_not(facts, names)
    return str(_("%(words)s. Not %(others)s.", words=words, others=others) if others else words)


def _why(code: Code | None, name: str) -> str:
    if code is Code.KNOWS:
        return str(_("gave it to %(name)s, who knows this person", name=name))
    if code is Code.CATCH_UP:
        return str(_("gave it to %(name)s, who had turns to catch up", name=name))
    if code is Code.ONLY:
        return str(_("gave it to %(name)s, the only one who could take it", name=name))
    return str(_("gave it to %(name)s, whose turn it was", name=name))


def _taken_back(facts: Facts, names: Names) -> str:
    name = _name(facts.get("before"), names)
    if "minutes" in facts:
        return str(_("took it back from %(name)s: nothing happened for %(n)s minutes", name=name, n=facts["minutes"]))
    return str(_("took it back from %(name)s", name=name))


def _tongue(facts: Facts) -> str:
    return language(str(facts.get("language", "en")))


def _name(user_id: int | None, names: Names) -> str:
    return names.get(user_id or 0) or str(_("somebody who has left"))


def _known(kind: Any, value: object) -> Any:
    """A code as its kind has it; `None` for one of another version."""
    return kind(value) if value in list(kind) else None
