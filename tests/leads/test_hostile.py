"""Whatever is sent to the forms: an answer in words, never a crash, never an echo that runs."""

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.leads.asking import ANNA, leads, only_lead, opened, send
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

NASTY = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' OR 1=1 --",
    "{{ 7*7 }}${7*7}",
    "../../etc/passwd\x00.png",
    "\r\nSet-Cookie: a=b\r\nBcc: all@example.com",
    "😀" * 30,
    "עברית العربية \u202e\u2066",
    "Z̸̢̛a̵l̷g̶o̴" * 20,
    "=cmd|' /C calc'!A0",
    "%s%n%x %(name)s {name}",
    "\ufeff\u200b\u00ad",
    "1" * 4000,
    "http://127.0.0.1:8000/ javascript:alert(1)",
    "\x00" * 50,
    "\x1b[31m\x07\x7f",
]  # fmt: skip
FIELDS = ["name", "email", "phone", "message", "interest", "marketing", "website", "submission", "utm_source"]


@pytest.mark.parametrize("field", FIELDS)
def test_hostile_words_in_any_field_are_taken_or_refused_in_words(client: Client, field: str) -> None:
    path = f"/cars/{make_car().slug}/inquiry"
    ticket = opened(client, path)
    for words in NASTY:
        response = client.post(path, data=ANNA | {"submission": ticket, field: words})
        assert response.status_code in (303, 422)
        assert "<script>alert" not in response.text and "<img src=x" not in response.text
        assert "Set-Cookie" not in response.headers


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=60), st.text(max_size=500))
def test_any_text_is_taken_or_refused_in_words(client: Client, name: str, email: str, phone: str, message: str) -> None:
    typed = {"name": name, "email": email, "phone": phone, "message": message}
    data: dict[str, Any] = {
        field: words.encode("utf-8", "surrogatepass").decode("utf-8", "replace") for field, words in typed.items()
    }
    assert send(client, "/contact", **data).status_code in (303, 422)


def test_a_file_in_place_of_a_text_is_no_text(client: Client) -> None:
    data = ANNA | {"submission": opened(client, "/contact"), "name": (io.BytesIO(b"x"), "x.txt")}
    response = client.post("/contact", data=data, content_type="multipart/form-data")
    assert response.status_code == 422 and "Tell us your name" in response.text


def test_fields_that_the_form_does_not_have_are_ignored(client: Client) -> None:
    send(client, "/contact", score="100", status="won", assignee_id="1", spam_reason="x", dealership_id="2", id="7")
    lead = only_lead()
    assert (lead.status, lead.assignee_id, lead.spam_reason, lead.score) == ("new", None, None, 35)


def test_a_field_sent_many_times_counts_once(client: Client) -> None:
    data = ANNA | {"submission": opened(client, "/contact"), "name": ["Anna", "Bea"], "interest": ["finance", "x"]}
    assert client.post("/contact", data=data).status_code == 303
    assert only_lead().name == "Anna"


def test_emoji_and_every_script_are_kept_as_written(client: Client) -> None:
    words = "مرحبا, שלום, 你好, नमस्ते, Žluťoučký 👨‍👩‍👧‍👦🚗"
    send(client, "/contact", name=words[:60], message=words)
    assert (only_lead().name, only_lead().message) == (words[:60], words)


def test_a_line_break_in_a_name_is_a_space(client: Client) -> None:
    send(client, "/contact", name="Anna\r\nBcc: all@example.com")
    assert only_lead().name == "Anna Bcc: all@example.com"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "", "Origin": "null"}])
def test_another_site_cannot_ask_for_somebody(client: Client, headers: dict[str, str]) -> None:
    data = ANNA | {"submission": opened(client, "/contact")}
    assert client.post("/contact", data=data, headers=headers).status_code == 403
    assert leads() == []


@pytest.mark.parametrize("referrer", ["http://[", "x" * 9000, "https://evil.example/<script>", "\xff\xfe"])
def test_a_strange_referrer_harms_nobody(client: Client, referrer: str) -> None:
    assert client.get("/contact", headers={"Referer": referrer}).status_code == 200
    assert send(client, "/contact", ticket=opened(client, "/contact", headers={"Referer": referrer})).status_code == 303
