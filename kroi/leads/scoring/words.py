"""What a score's reasons are called: of the rules, of a learnt card, and a person's own."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.leads.rules import Interest, Source
from kroi.leads.scoring.learnt.rules.card import LEARNT, LEARNT_START
from kroi.leads.scoring.learnt.rules.encoding import MISSING, OTHER
from kroi.web import filters, place

WORDS = {
    "start": _l("Every inquiry starts with"),
    "car": _l("Asks about a car"),
    "test_drive": _l("Wants a test drive"),
    "call_back": _l("Wants to be called"),
    "trade_in": _l("Has a car to trade in"),
    "finance": _l("Asks about finance"),
    "phone": _l("Gave a phone number"),
    "long_message": _l("Wrote a longer message"),
    "asked_before": _l("Asked before within 30 days"),
    "new_on_sale": _l("The car came on sale within 7 days"),
    "throwaway": _l("Throw-away mail address"),
    "link": _l("A link in the message"),
    "fast": _l("Sent within 5 seconds"),
    "bound": _l("A score stays between 0 and 100"),
    "pin": _l("Set by hand"),
}
FACTS = {
    "interest": _l("Interest"),
    "source": _l("Source"),
    "car": _l("Asks about a car"),
    "phone": _l("Phone number given"),
    "email": _l("E-mail address"),
    "message_length": _l("Characters in the message"),
    "hour": _l("Hour of the day"),
    "weekday": _l("Day of the week"),
    "asked_before": _l("Asked before within 30 days"),
    "price": _l("Price of the car"),
    "days_on_sale": _l("Days on sale"),
    "throwaway": _l("Throw-away mail address"),
    "link": _l("A link in the message"),
    "fast": _l("Sent within 5 seconds"),
}
_INTERESTS = {
    Interest.QUESTION: _l("Question"),
    Interest.TEST_DRIVE: _l("Test drive"),
    Interest.TRADE_IN: _l("Trade-in"),
    Interest.FINANCE: _l("Finance"),
    Interest.CALL_BACK: _l("Call back"),
    Interest.NOTIFY: _l("Tell me about the next one"),
}
_SOURCES = {
    Source.WEBSITE_CAR: _l("car page"),
    Source.WEBSITE_CONTACT: _l("contact page"),
    Source.PHONE: _l("phone"),
    Source.WALK_IN: _l("walk-in"),
    Source.EMAIL: _l("e-mail"),
    Source.ADF: _l("ADF"),
    Source.MARKETPLACE: _l("marketplace"),
}
_PLAIN = {"yes": _l("yes"), "no": _l("no"), MISSING: _l("not known"), OTHER: _l("something rare")}
_WHY = {
    "judge": _l("judged anew"),
    "evidence": _l("something new is known"),
    "pinned": _l("set by hand"),
    "unpinned": _l("no longer set by hand"),
}


@dataclass(frozen=True)
class Line:
    """One reason as people read it."""

    words: str
    points: int


def in_words(reasons: Iterable[Mapping[str, Any]]) -> list[Line]:
    """A lead's `score_reasons` in the language being spoken, in their order. They add up to the score."""
    return [Line(reason(each["code"]), each["points"]) for each in reasons]


def reason(code: str) -> str:
    """One reason by its code."""
    if code == LEARNT_START:
        return str(WORDS["start"])
    if code.startswith(f"{LEARNT}:"):
        _kind, fact, level = code.split(":", 2)
        return fact_on_level(fact, level)
    return str(WORDS.get(code, code))


def fact_on_level(fact: str, level: str) -> str:
    """A fact of a learnt card and where a lead stands on it."""
    return f"{FACTS.get(fact, fact)}: {level_name(fact, level)}"


def in_order(levels: Iterable[str]) -> list[str]:
    """Levels as people read them: bands from the lowest up, what is no band after them."""

    def place_of(level: str) -> tuple[bool, float]:
        low, dots, _high = level.partition("..")
        return not dots, float(low) if dots and low else -math.inf

    return sorted(levels, key=place_of)


def level_name(fact: str, level: str) -> str:
    """A level of a fact."""
    if level in _PLAIN:
        return str(_PLAIN[level])
    if ".." in level:
        return _band(level, _money if fact == "price" else _plain)
    if fact == "weekday":
        return str(get_day_names("wide", locale=place.current().language)[int(level)])
    if fact == "interest" and level in list(Interest):
        return str(_INTERESTS[Interest(level)])
    return str(_SOURCES[Source(level)]) if fact == "source" and level in list(Source) else level


def is_learnt(reasons: Iterable[Mapping[str, Any]]) -> bool:
    """Did a learnt card make this score?"""
    return any(str(each["code"]).startswith(f"{LEARNT}:") for each in reasons)


def judged_by(lead: Any) -> str:
    """Who made a lead's score, with the version."""
    if is_learnt(lead.score_reasons):
        return str(_("Learnt model, version %(version)s", version=lead.score_version))
    return str(_("Rule set %(version)s", version=lead.score_version))


def score_changed(facts: Mapping[str, Any]) -> str:
    """A line of a lead's timeline about its score."""
    why = _WHY.get(facts.get("why", ""), "")
    return str(_("score %(before)s → %(after)s, %(why)s", before=facts["before"], after=facts["after"], why=why))


def percent(share: float) -> str:
    """A share (0 to 1) as a whole percentage."""
    return filters.percent(Decimal(str(share)))


def _band(level: str, write: Callable[[float], str]) -> str:
    low, _dots, high = level.partition("..")
    if not low:
        return str(_("up to %(high)s", high=write(float(high))))
    if not high:
        return str(_("over %(low)s", low=write(float(low))))
    return f"{write(float(low))}–{write(float(high))}"


def _money(units: float) -> str:
    return filters.euros(round(units) * 100)


def _plain(number: float) -> str:
    return str(filters.number(round(number)))
