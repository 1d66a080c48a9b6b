"""The fairness page counts what happened, explains differences, and shows sales their own figures only."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.transaction import transaction
from kroi.leads import queries, service
from kroi.leads.assignment import fairness
from kroi.leads.assignment.models import Absence
from kroi.leads.assignment.rules.fairness import Compared, Share, explain, spread
from kroi.leads.assignment.rules.reasons import Passed
from kroi.leads.assignment.rules.turns import TURN
from kroi.leads.assignment.shown import owed
from kroi.leads.rules import LeadStatus
from tests.leads.assignment.rounds import MONDAY, inquire, later
from tests.support.client import Client
from tests.support.makers import make_lead, stored

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("noon")


def test_every_way_to_a_lead_is_counted(two: tuple[User, User], boris: User) -> None:
    ana, bea = two
    first, *_others = [inquire() for _ in range(4)]
    free, given = make_lead("Free"), make_lead("Given")
    with audit.acting_as(bea.id), transaction():
        service.claim(queries.lock(free.id), bea)
    with audit.acting_as(boris.id), transaction():
        service.assign(queries.lock(given.id), bea)
    with audit.acting_as(ana.id), transaction():
        service.change_status(queries.lock(first.id), LeadStatus.CONTACTED)
    later(30)
    shares = fairness.list_shares(30)
    mine, hers = shares[ana.id], shares[bea.id]
    assert (mine.given, mine.taken_back, len(mine.answers)) == (2 + 2, 1, 1)
    assert (hers.given, hers.claimed, hers.by_hand, hers.taken_back) == (2 + 1, 1, 1, 2)


def test_what_came_before_the_range_is_left_out(two: tuple[User, User]) -> None:
    inquire()
    with clock.at(MONDAY + timedelta(days=7)):
        assert fairness.list_shares(7) == {}
        assert len(fairness.list_shares(30)) == 2


def test_fewer_turns_are_explained_by_what_was_missed() -> None:
    team = [
        Share(1, given=4, passed={Passed.OFF_SHIFT: 9, Passed.FULL: 2, Passed.LATER: 5}),
        Share(2, given=10, passed={Passed.LATER: 10}),
        Share(3, given=6, passed={Passed.AWAY: 1, Passed.LATER: 13}),
    ]
    found = explain(team[0], team)
    assert (found.compared, found.by, found.reasons) == (
        Compared.FEWER,
        4,
        ((Passed.OFF_SHIFT, 9), (Passed.FULL, 2)),
    )
    more = explain(team[1], team)
    assert (more.compared, more.by, more.reasons[0]) == (Compared.MORE, 5, (Passed.OFF_SHIFT, 4))
    assert explain(team[2], team).compared is Compared.SAME
    assert explain(Share(4, claimed=3), team).compared is Compared.ALONE
    assert spread(team) == 6


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (0, "even"),
        (TURN, "1 turn to come"),
        (3 * TURN // 2, "1.5 turns to come"),
        (-TURN // 2, "0.5 turns ahead"),
        (TURN // 50, "even"),
    ],
)
def test_what_somebody_is_owed_is_said_in_turns(app: object, parts: int, words: str) -> None:
    assert owed(parts) == words


def test_the_page_shows_turns_and_why_they_differ(signed_in: SignIn, two: tuple[User, User], boris: User) -> None:
    ana, _bea = two
    stored(Absence(user_id=ana.id, starts_at=MONDAY, ends_at=MONDAY + timedelta(hours=1)))
    for _ in range(6):
        inquire()
    page = signed_in(boris).get("/staff/assignment/fairness?days=7").text
    assert "6 fewer than the others. Passed over: away (6)" in page
    assert "6 more than the others. They were passed over: away (6)" in page
    assert 'role="img" aria-label="6 leads were given in turn in 7 days"' in page


def test_sales_see_their_own_figures_only(signed_in: SignIn, two: tuple[User, User]) -> None:
    for _ in range(3):
        inquire()
    page = signed_in(two[1]).get("/staff/assignment/fairness").text
    assert "Bea Boman" in page and "Ana Aalto" not in page and "You see your own figures." in page
    sheet = signed_in(two[1]).get("/staff/assignment/fairness.csv").text
    assert "Bea Boman" in sheet and "Ana Aalto" not in sheet


@pytest.mark.parametrize("days", ["7", "30", "90", "", "0", "-1", "1e9", "x", "9" * 99])
def test_any_range_has_a_page(signed_in: SignIn, boris: User, days: str) -> None:
    assert signed_in(boris).get("/staff/assignment/fairness", query_string={"days": days}).status_code == 200


def test_the_sheet_holds_the_same_figures(signed_in: SignIn, two: tuple[User, User], boris: User) -> None:
    for _ in range(3):
        inquire()
    response = signed_in(boris).get("/staff/assignment/fairness.csv?days=30")
    assert response.mimetype == "text/csv" and "attachment" in response.headers["Content-Disposition"]
    head, *rows = csv.reader(io.StringIO(response.text.lstrip("\ufeff")))
    assert head[:2] == ["Name", "Turns"]
    assert [row[:2] for row in rows] == [["Ana Aalto", "2"], ["Bea Boman", "1"]]
