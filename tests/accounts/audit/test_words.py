"""Whatever is written into the record has words, in every language."""

import pytest
from flask import Flask

from kroi.accounts.audit import words
from kroi.accounts.audit.deeds import ACTIONS, THINGS
from kroi.leads.events import VisitNews
from kroi.leads.visits.rules import VisitStatus
from kroi.web import place
from tests.accounts.audit import deeds

ENDINGS = {  # of deeds that are put together when they are done
    "photo ": {"added", "reordered", "described", "removed"},
    "visit.": {*VisitStatus, *VisitNews},
}


def test_every_deed_in_the_code_has_words() -> None:
    whole, beginnings, unread = deeds.written()
    assert unread == [], "say the deed where it is written down"
    assert beginnings == set(ENDINGS)
    there_are = whole | {f"{begin}{end}" for begin, ends in ENDINGS.items() for end in ends}
    assert sorted(there_are - set(ACTIONS)) == []


def test_no_words_are_left_of_deeds_that_nobody_does() -> None:
    whole, beginnings, _unread = deeds.written()
    assert sorted(name for name in set(ACTIONS) - whole if not name.startswith(tuple(beginnings))) == []


def test_every_thing_in_the_code_has_words() -> None:
    kinds = deeds.kinds()
    assert {"user", "lead", "car"} <= kinds
    assert sorted(kinds - set(THINGS)) == []


def test_words_of_deeds_are_words() -> None:
    assert all(str(word) and str(word)[0].islower() for word in ACTIONS.values())


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_no_two_deeds_are_told_alike(app: Flask, language: str) -> None:
    with app.app_context(), place.speaking(place.at(language, "en", "EUR", place.current().zone, None)):
        told = [words.action(name) for name in ACTIONS]
    assert sorted({word for word in told if told.count(word) > 1}) == []


def test_before_and_after_are_told_as_one_change() -> None:
    [change] = words.changes({"before": 1, "after": 2})
    assert (change.label, change.before, change.after) == ("", "1", "2")
