"""An open page hears of news; while there is none, its question costs no query."""

from collections.abc import Callable

from flask import Flask

from kroi.accounts.models import User
from kroi.leads.live import tags, versions
from tests.support.client import Client
from tests.support.makers import make_lead
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]


def test_nothing_new_is_answered_without_a_query(signed_in: SignIn, ana: User) -> None:
    make_lead()
    client = signed_in(ana)
    first = client.get("/staff/pulse?since=0")
    assert first.get_json()["new"] == 1
    tag = {"If-None-Match": first.headers["ETag"]}
    with counted_queries() as sent:
        for _ in range(3):
            answer = client.get("/staff/pulse?since=1", headers=tag)
            assert (answer.status_code, answer.data) == (304, b"")
    assert sent == []


def test_a_new_lead_is_told_and_so_is_any_other_change(signed_in: SignIn, ana: User, boris: User) -> None:
    lead = make_lead()
    client, since = signed_in(ana), versions.look()
    tag = {"If-None-Match": client.get(f"/staff/pulse?since={since}").headers["ETag"]}
    make_lead("Newcomer")
    answer = client.get(f"/staff/pulse?since={since}", headers=tag)
    assert answer.status_code == 200 and answer.get_json()["words"] == "1 new lead"
    since = answer.get_json()["version"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    signed_in(boris).post(f"/staff/leads/{lead.id}/note", data={"text": "Hello"})
    answer = client.get(f"/staff/pulse?since={since}", headers=tag)
    assert answer.status_code == 200 and answer.get_json()["words"] == "Something has changed"


def test_a_page_says_up_to_where_it_knows(signed_in: SignIn, ana: User) -> None:
    make_lead()
    version = versions.look()
    client = signed_in(ana)
    for address in ("/staff/", "/staff/leads/", "/staff/board"):
        assert f'data-version="{version}"' in client.get(address).text


def test_a_tag_is_good_for_the_one_who_got_it_and_for_nobody_else(
    signed_in: SignIn, client: Client, ana: User, boris: User
) -> None:
    make_lead()
    tag = {"If-None-Match": signed_in(ana).get("/staff/pulse").headers["ETag"]}
    assert client.get("/staff/pulse", headers=tag).status_code == 303
    assert signed_in(boris).get("/staff/pulse", headers=tag).status_code == 200


def test_a_tag_of_ones_own_making_is_no_tag(app: Flask, signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    for wrong in ('"1.0.0"', '"x"', '"1.2"', "*", '"1.-1.abc"', '"' + "9" * 40 + '.1.a"'):
        assert client.get("/staff/pulse", headers={"If-None-Match": wrong}).status_code == 200
    assert tags.read("secret", tags.make("secret", 3, 7, "kroi=a"), "kroi=a") == (3, 7)
    assert tags.read("secret", tags.make("secret", 3, 7, "kroi=a"), "kroi=b") is None
    assert tags.read("other", tags.make("secret", 3, 7, "kroi=a"), "kroi=a") is None


def test_another_dealership_hears_nothing_of_ours(signed_in: SignIn, chris: User) -> None:
    make_lead()
    assert signed_in(chris).get("/staff/pulse?since=0").get_json() == {
        "version": 0, "new": 0, "words": "Something has changed",
    }  # fmt: skip
