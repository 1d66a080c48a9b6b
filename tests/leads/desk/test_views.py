"""A view has a name and is one person's own; filters narrow by source and age; the late ones have a tab."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.inbox.models import SavedView
from kroi.leads.rules import Source
from tests.support.client import Client
from tests.support.makers import make_lead
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]


def names(page: str) -> list[str]:
    return re.findall(r'class="name"[^>]*>([^<]+)<', page)


def save(client: Client, name: str, query: str = "") -> int:
    return client.post(f"/staff/leads/views?{query}", data={"name": name}).status_code


def test_a_view_is_saved_renamed_and_deleted(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    assert save(client, "  Hot   phone ", "status=new&priority=urgent&source=phone&age=7") == 303
    view = session.scalars(select(SavedView)).one()
    assert (view.name, view.filter) == (
        "Hot phone",
        {"status": "new", "priority": "urgent", "source": "phone", "age": 7},
    )
    assert "Hot phone" in client.get("/staff/leads/").text
    assert client.post(f"/staff/leads/views/{view.id}", data={"name": "Phone"}).status_code == 303
    session.expire_all()
    assert view.name == "Phone"
    assert client.post(f"/staff/leads/views/{view.id}", data={"do": "delete"}).status_code == 303
    assert session.scalars(select(SavedView)).all() == []


def test_a_view_keeps_no_words_that_may_be_somebodys_name(signed_in: SignIn, ana: User) -> None:
    save(signed_in(ana), "Anna", "q=Anna+Aho&tab=mine")
    assert session.scalars(select(SavedView)).one().filter == {"tab": "mine"}


def test_the_same_name_again_is_the_same_view(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    save(client, "Mine", "tab=mine")
    save(client, "Mine", "tab=free")
    assert session.scalars(select(SavedView)).one().filter == {"tab": "free"}
    save(client, "Other")
    other = session.scalars(select(SavedView).where(SavedView.name == "Other")).one()
    answer = client.post(f"/staff/leads/views/{other.id}?tab=free", data={"name": "Mine"})
    assert answer.status_code == 422 and "You have a view of that name already." in answer.text
    assert re.search(rf'<input[^>]*id="view-{other.id}"[^>]*value="Mine"[^>]*aria-invalid="true"', answer.text)
    assert f'id="view-{other.id}-error"' in answer.text and 'id="view-name-error"' not in answer.text


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_needs_a_name_of_a_good_length(signed_in: SignIn, ana: User, name: str) -> None:
    answer = signed_in(ana).post("/staff/leads/views?tab=mine", data={"name": name})
    assert answer.status_code == 422 and 'id="view-name-error"' in answer.text
    field = re.findall(r'<input[^>]*id="view-name"[^>]*>', answer.text)[0]
    assert f'value="{name.strip()}"' in field and 'aria-describedby="view-name-error"' in field
    assert 'action="/staff/leads/views?tab=mine"' in answer.text, "the view is still the one to be saved"
    assert session.scalars(select(SavedView)).all() == []


def test_nobody_sees_or_changes_somebody_elses_view(signed_in: SignIn, ana: User, boris: User, chris: User) -> None:
    save(signed_in(ana), "Anas own")
    view_id = session.scalars(select(SavedView.id)).one()
    for other in (boris, chris):
        client = signed_in(other)
        assert "Anas own" not in client.get("/staff/leads/").text
        assert client.post(f"/staff/leads/views/{view_id}", data={"do": "delete"}).status_code == 404


def test_twenty_views_are_enough(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    assert [save(client, f"View {number}") for number in range(21)] == [303] * 20 + [422]


def test_source_and_age_narrow_the_list(signed_in: SignIn, ana: User) -> None:
    make_lead("Phoned", source=Source.PHONE)
    make_lead("Old", received_at=clock.now() - timedelta(days=9))
    client = signed_in(ana)
    assert names(client.get("/staff/leads/?source=phone").text) == ["Phoned"]
    assert names(client.get("/staff/leads/?age=7").text) == ["Phoned"]
    assert len(names(client.get("/staff/leads/?age=8").text)) == 2


def test_the_late_are_those_whose_answer_was_due(signed_in: SignIn, ana: User) -> None:
    an_hour = timedelta(hours=1)
    make_lead("Late", answer_due_at=clock.now() - an_hour)
    make_lead("In time", answer_due_at=clock.now() + an_hour)
    make_lead("Answered", answer_due_at=clock.now() - an_hour, first_answer_at=clock.now())
    page = signed_in(ana).get("/staff/leads/?tab=late").text
    assert names(page) == ["Late"]
    assert re.search(r'Late <span class="count">1<', page)


def test_no_page_of_the_desk_takes_over_ten_queries(signed_in: SignIn, boris: User) -> None:
    leads = [make_lead(f"Person {number}") for number in range(12)]
    client = signed_in(boris)
    save(client, "Mine", "tab=mine")
    done = client.post("/staff/leads/bulk", data={"deed": "take", "lead": [each.id for each in leads[:4]]})
    client.post(f"/staff/leads/{leads[5].id}/tasks", data={"text": "Ring", "due": "2030-01-02T10:00"})
    for address in (
        done.headers["Location"], "/staff/leads/?tab=all&q=person", "/staff/board?whose=all", "/staff/board",
        "/staff/leads/new", f"/staff/leads/{leads[5].id}", "/staff/pulse?since=1",
    ):  # fmt: skip
        with counted_queries() as sent:
            assert client.get(address).status_code == 200
        assert len(sent) <= 10, (address, sent)
