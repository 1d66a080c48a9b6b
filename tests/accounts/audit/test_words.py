"""Whatever is written into the record has words, in every language."""

import enum

import pytest
from flask import Flask

from kroi.accounts.audit import words
from kroi.accounts.audit.deeds import ACTIONS, THINGS
from kroi.dashboard.words import CODES
from kroi.leads.events import VisitNews
from kroi.leads.visits.rules import VisitStatus
from kroi.web import place
from tests.accounts.audit import deeds, details

pytestmark = pytest.mark.slow

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


TOLD_LATER = {  # deeds some of whose details are only known when they are done: columns, tables and settings
    "change finance terms", "import stock", "import market", "lead.assigned", "location.removed", "location.saved",
    "person.erased", "leads.erased", "round.changed", "round.part_changed", "settings.changed", "absence.added",
    "absence.ended", "absence.removed",
}  # fmt: skip


def test_every_detail_in_the_code_has_a_label() -> None:
    found, unread = details.written()
    assert {"outcome", "fields", "from", "pair"} <= {each.name for each in found}
    assert sorted({each.name for each in found} - set(words.LABELS)) == []
    assert sorted(unread - TOLD_LATER) == [], "say the details where they are written down"


def test_every_code_in_a_detail_has_words() -> None:
    found, _unread = details.written()
    coded = {(each.deed, each.name) for each in found if each.coded}
    assert ("lead.called", "outcome") in coded and ("move car", "to") in coded
    assert sorted(coded - set(CODES) - {each for each in coded if each[1] in ("role", "kind", "with")} - ROLES) == []


ROLES = {("change role", "from"), ("change role", "to")}


@pytest.mark.parametrize("key", sorted(CODES))
def test_no_code_of_a_detail_is_left_wordless(key: tuple[str, str]) -> None:
    known = {str(each) for each in CODES[key]}
    kinds = {type(each) for each in CODES[key] if isinstance(each, enum.StrEnum)}
    assert {each.value for kind in kinds for each in kind} <= known


def test_codes_are_told_in_words(app: Flask) -> None:
    with app.app_context():
        [moved, why] = words.changes({"before": "new", "after": "lost", "reason": "price"}, "lead.moved", CODES)
        [price] = words.changes({"from": 15_900_00, "to": 0}, "price car", CODES)
        [fields] = words.changes({"fields": ["mileage_km", "vin"]}, "edit car", CODES)
        [ways] = words.changes({"ways": {"new_lead": "both"}}, "notices.wished", CODES)
        [due] = words.changes({"due": "2026-12-01T08:00:00+00:00"}, "task.added", CODES)
        [handed, how] = words.changes({"before": None, "after": 7, "how": "hand"}, "lead.assigned", NAMES)
    assert (moved.before, moved.after, why.after) == ("New", "Lost", "price")
    assert (price.before, price.after) == ("€15,900", "on request")
    assert fields.after == "Mileage, km, VIN" and ways.after == "A new lead: E-mail and portal"
    assert due.after.startswith("1 Dec") and (handed.before, handed.after, how.after) == ("–", "Ana", "by hand")


def test_settings_are_called_as_their_forms_call_them(app: Flask) -> None:
    was, now = {"postal_code": "H00 KM24"}, {"postal_code": "H00 KM25"}
    with app.app_context(), place.speaking(place.at("fi", "fi", "EUR", place.current().zone, None)):
        [moved] = words.changes({"before": was, "after": now}, "settings.changed", CODES)
        [closed] = words.changes({"before": {"hours": {}}}, "location.removed", CODES)
        [cap, speaks] = words.changes({"cap": 20, "languages": ["sv"]}, "round.part_changed", CODES)
    assert (moved.before, moved.after) == ("Postinumero: H00 KM24", "Postinumero: H00 KM25")
    assert closed.after.startswith("Aukioloajat")
    assert (cap.label, speaks.label, speaks.after) == ("Avoimia liidejä enintään", "Puhuu", "Svenska")


NAMES = {**CODES, ("lead.assigned", "after"): {"7": "Ana"}}
