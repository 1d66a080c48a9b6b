"""Owners say for how long people are kept, see whom that concerns first, and the public page says the same numbers."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from kroi.accounts.models import AuditEntry, User
from kroi.dashboard.settings.privacy import words
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships_queries
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from kroi.leads.privacy.retention import service as retention
from kroi.leads.rules import LeadStatus
from tests.leads.clock.asked import MONDAY_NOON
from tests.support.client import Client
from tests.support.makers import make_lead
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
PATH = "/staff/settings/privacy"
TERMS = {"unsold": "6", "won": "36", "marketing": "18", "spam_days": "14", "files": "3", "quotations": "2"}


@pytest.fixture
def then() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def page(then: time_machine.Traveller, signed_in: SignIn, olga: User) -> Client:
    """An owner's browser."""
    return signed_in(olga)


def row(here: Dealership) -> Dealership:
    session.expire_all()
    return session.get_one(Dealership, here.id)


def test_an_owner_sees_the_times_and_everything_else_that_is_kept(page: Client) -> None:
    with counted_queries() as queries:
        text = page.get(PATH).text
    assert len(queries) <= 10
    assert 'value="12"' in text and "0 people fall due within 30 days." in text
    for each in words.also_kept():
        assert each.what.replace("'", "&#39;") in text and each.until in text


@pytest.mark.parametrize("who", ["ana", "boris"])
def test_nobody_else_may(request: pytest.FixtureRequest, signed_in: SignIn, who: str) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, data=TERMS).status_code == 403


def test_other_times_are_kept_audited_and_said_in_public_as_another_version(page: Client, here: Dealership) -> None:
    before = page.get("/privacy").text
    assert "12 months after we were last in touch" in before and "Version 2026-11-22 " in before
    assert page.post(PATH, data=TERMS).status_code == 303
    found = row(here)
    assert found.retention == {name: int(value) for name, value in TERMS.items()}
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None and entry.action == "settings.changed"
    assert entry.details["after"]["retention"]["won"] == 36
    after = page.get("/privacy").text
    for said in ("6 months after we", "36 months, for", "18 months, unless", "3 months after", "2 months.", "14 days."):
        assert said in after
    assert f"Version {found.privacy_version} " in after and found.privacy_version != "2026-11-22"


def test_the_same_times_again_are_no_new_version(page: Client, here: Dealership) -> None:
    page.post(PATH, data=TERMS)
    version = row(here).privacy_version
    assert page.post(PATH, data=TERMS).status_code == 303
    assert row(here).privacy_version == version


def test_two_owners_at_once_give_two_texts_two_versions(
    page: Client, here: Dealership, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dealerships_queries.get_profile(here.id)
    page.post(PATH, data=TERMS)
    first = row(here).privacy_version
    monkeypatch.setattr("kroi.dashboard.settings.privacy.staff._here", lambda: known)  # the other's page was older
    page.post(PATH, data=TERMS | {"won": "48"})
    assert row(here).privacy_version == f"{first}.2"


@pytest.mark.parametrize("name", sorted(TERMS))
@pytest.mark.parametrize("typed", ["0", "121", "1.5", "x", ""])
def test_what_is_no_such_number_is_said_beside_the_field(page: Client, here: Dealership, name: str, typed: str) -> None:
    response = page.post(PATH, data=TERMS | {name: typed})
    assert response.status_code == 422
    assert re.search(r'id="keep-[a-z-]+-error"', response.text) and "Give a whole number from 1 to" in response.text
    assert row(here).retention == {}


def test_a_look_counts_whom_other_times_concern_and_changes_nothing(
    then: time_machine.Traveller, page: Client, here: Dealership
) -> None:
    now = MONDAY_NOON
    for name, days in (("Anna Aho", 400), ("Bert Berg", 340), ("Cilla Cahn", 160), ("Doris Dahl", 1)):
        then.move_to(now - timedelta(days=days), tick=False)
        make_lead(name, status=LeadStatus.LOST)
    then.move_to(now, tick=False)
    shown = page.get(PATH).text
    assert "2 people fall due within 30 days." in shown and "1 of them today." in shown
    looked = page.post(PATH, data=TERMS | {"do": "preview"})
    assert looked.status_code == 200
    assert "3 people fall due within 30 days." in looked.text and "2 of them today." in looked.text
    assert 'value="36"' in looked.text and row(here).retention == {}
    page.post(PATH, data=TERMS)
    retention.forget_over()
    assert {lead.name for lead in session.query(Lead)} == {"Cilla Cahn", "Doris Dahl"}, "as the look said"


def test_another_dealership_keeps_its_own(page: Client, there: Dealership) -> None:
    page.post(PATH, data=TERMS)
    assert row(there).retention == {} and row(there).privacy_version == "2026-11-22"


@pytest.mark.parametrize(("language", "said"), [("fi", "12 kuukautta viimeisestä"), ("sv", "12 månader efter")])
def test_the_public_page_says_it_in_the_other_languages(
    page: Client, here: Dealership, language: str, said: str
) -> None:
    with transaction():
        dealerships.change_profile(here.id, languages=["en", "fi", "sv"])
    assert said in page.get(f"/{language}/privacy").text
