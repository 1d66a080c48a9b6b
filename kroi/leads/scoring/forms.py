"""The words for a score's reasons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

WORDS = {
    "start": _l("Every inquiry starts with"),
    "car": _l("Asks about a car"),
    "test_drive": _l("Wants a test drive"),
    "call_back": _l("Wants to be called"),
    "trade_in": _l("Has a car to trade in"),
    "finance": _l("Asks about finance"),
    "phone": _l("Gave a phone number that can exist"),
    "long_message": _l("Wrote 60 characters or more"),
    "asked_before": _l("Asked before within 30 days"),
    "new_on_sale": _l("The car came on sale within 7 days"),
    "throwaway": _l("Throw-away mail address"),
    "link": _l("A link in the message"),
    "fast": _l("Sent within 5 seconds"),
    "bound": _l("A score stays between 0 and 100"),
}


@dataclass(frozen=True)
class Line:
    """One reason as people read it."""

    words: str
    points: int


def in_words(reasons: Iterable[Mapping[str, Any]]) -> list[Line]:
    """A lead's `score_reasons` in the language being spoken, in their order. They add up to the score."""
    return [Line(str(WORDS.get(each["code"], each["code"])), each["points"]) for each in reasons]
