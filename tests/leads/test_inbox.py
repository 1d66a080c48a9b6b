"""The inbox shows who to call first, and finds a lead by what one remembers of it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from kroi.accounts.models import User
from kroi.core import clock
from kroi.leads.inbox.rules import InboxFilter, Tab
from kroi.leads.rules import Interest, LeadStatus, Priority
from tests.support.client import Client
from tests.support.makers import make_car, make_lead
from tests.support.queries import counted_queries

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]


def names(page: str) -> list[str]:
    return re.findall(r'class="name"[^>]*>([^<]+)<', page)


def test_the_most_urgent_comes_first_and_the_unanswered_before_the_answered(signed_in: SignIn, ana: User) -> None:
    make_lead("Low", score=10, priority=Priority.LOW)
    make_lead("Hot", score=90, priority=Priority.URGENT)
    make_lead("Answered", score=60, priority=Priority.HIGH, first_answer_at=clock.now())
    make_lead("Waiting", score=56, priority=Priority.HIGH)
    assert names(signed_in(ana).get("/staff/leads/").text) == ["Hot", "Waiting", "Answered", "Low"]


def test_tabs_split_mine_from_free_and_hide_what_is_over(signed_in: SignIn, ana: User, boris: User) -> None:
    make_lead("Mine", assignee_id=ana.id)
    make_lead("Free")
    make_lead("Theirs", assignee_id=boris.id)
    make_lead("Over", status=LeadStatus.WON)
    make_lead("Junk", status=LeadStatus.SPAM)
    client = signed_in(ana)
    assert names(client.get("/staff/leads/?tab=mine").text) == ["Mine"]
    assert names(client.get("/staff/leads/?tab=free").text) == ["Free"]
    assert sorted(names(client.get("/staff/leads/").text)) == ["Free", "Mine", "Theirs"]
    assert sorted(names(client.get("/staff/leads/?tab=all").text)) == ["Free", "Mine", "Over", "Theirs"]
    assert names(client.get("/staff/leads/?status=spam").text) == ["Junk"]


@pytest.mark.parametrize("words", ["väänänen", "VAANANEN", "40 765 4321", "0407654321", "anna@example.com", "tiguan"])
def test_a_lead_is_found_by_name_number_mail_or_car(signed_in: SignIn, ana: User, words: str) -> None:
    make_lead(
        "Anna Väänänen", email="anna@example.com", phone="040 765 4321", car=make_car(make="Volkswagen", model="Tiguan")
    )
    make_lead("Somebody Else")
    client = signed_in(ana)
    for view in ({}, {"tab": "all"}, {"status": "new"}):
        assert names(client.get("/staff/leads/", query_string={"q": words, **view}).text) == ["Anna Väänänen"]
    assert names(client.get("/staff/leads/", query_string={"q": words, "status": "won"}).text) == []


def test_priority_and_person_filter(signed_in: SignIn, ana: User, boris: User) -> None:
    make_lead("Hot", priority=Priority.URGENT)
    make_lead("Boris has it", priority=Priority.LOW, assignee_id=boris.id)
    client = signed_in(ana)
    assert names(client.get("/staff/leads/?priority=urgent").text) == ["Hot"]
    assert names(client.get(f"/staff/leads/?user={boris.id}").text) == ["Boris has it"]


def test_every_lead_is_on_exactly_one_page(signed_in: SignIn, ana: User) -> None:
    for number in range(56):
        make_lead(f"Person {number}", score=number % 7)
    client, seen, address = signed_in(ana), [], "/staff/leads/"
    while address:
        page = client.get(address).text
        seen += names(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following.group(1).replace("&amp;", "&") if following else ""
    assert sorted(seen) == sorted(f"Person {number}" for number in range(56))


@pytest.mark.parametrize(
    "query",
    ["tab=x", "status='", "priority=%00", "user=-1", "user=99999999999999999999", "after=1", "after=a.b", "q=%F0"],
)
def test_nonsense_in_the_address_is_ignored(signed_in: SignIn, ana: User, query: str) -> None:
    assert signed_in(ana).get(f"/staff/leads/?{query}").status_code == 200


def test_the_inbox_takes_ten_queries_or_fewer_however_long_it_is(signed_in: SignIn, ana: User) -> None:
    for number in range(30):
        make_lead(f"Person {number}", car=make_car())
    client = signed_in(ana)
    with counted_queries() as sent:
        client.get("/staff/leads/")
    assert len(sent) <= 10, sent


def test_another_dealerships_leads_do_not_exist(signed_in: SignIn, chris: User) -> None:
    lead = make_lead("Ours")
    client = signed_in(chris)
    assert names(client.get("/staff/leads/").text) == []
    assert client.get(f"/staff/leads/{lead.id}").status_code == 404
    assert client.post(f"/staff/leads/{lead.id}/note", data={"text": "x"}).status_code == 404


def test_an_address_comes_back_from_a_filter() -> None:
    wanted = InboxFilter.from_address({"tab": "mine", "status": "new", "q": "x", "user": "3"})
    assert wanted == InboxFilter(tab=Tab.MINE, status=LeadStatus.NEW, words="x", user_id=3)
    assert InboxFilter.from_address({k: str(v) for k, v in wanted.address().items()}) == wanted


def test_a_test_drive_says_so(signed_in: SignIn, ana: User) -> None:
    make_lead("Driver", interest=Interest.TEST_DRIVE, received_at=clock.now() - timedelta(days=2))
    assert "Wants a test drive" in signed_in(ana).get("/staff/leads/").text
