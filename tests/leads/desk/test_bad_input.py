"""Whatever is typed or sent on the desk, the page says what is wrong beside it and keeps what was typed."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.models import Activity, ActivityKind, Task
from tests.support.client import Client
from tests.support.makers import make_lead

SignIn = Callable[[User], Client]
HOSTILE = "<b>Ö'\"</b> \u202eRTL\u202c 🚗👩‍👧 {{ 7 * 7 }} " + "Pitkäyhdyssana" * 8
ESCAPED = "&lt;b&gt;Ö"


def test_what_people_are_called_and_write_is_text_everywhere(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(HOSTILE[:120], assignee_id=ana.id, message=HOSTILE), signed_in(ana)
    for act, data in {
        "note": {"text": HOSTILE},
        "tasks": {"text": HOSTILE, "due": "2026-11-22T09:00"},
        "mail": {"subject": HOSTILE[:100], "text": HOSTILE.replace("{{ 7 * 7 }}", ""), "do": "send"},
    }.items():
        assert client.post(f"/staff/leads/{lead.id}/{act}", data=data).status_code == 303, act
    for path in ("/staff/", "/staff/leads/", "/staff/board", f"/staff/leads/{lead.id}"):
        page = client.get(path).text
        assert ESCAPED in page and "<b>Ö" not in page and "49" not in re.findall(r"👧 (\S+)", page), path


@pytest.mark.parametrize("length", [301, 4001, 100_000])
def test_too_long_a_task_or_note_stays_in_its_field(signed_in: SignIn, ana: User, length: int) -> None:
    lead, client, text = make_lead(), signed_in(ana), "ö" * length
    answer = client.post(f"/staff/leads/{lead.id}/tasks", data={"text": text, "due": "2026-12-01T10:00"})
    assert answer.status_code == 422 and "At most 300 characters." in answer.text and text in answer.text
    if length > 4000:
        answer = client.post(f"/staff/leads/{lead.id}/note", data={"text": text})
        assert answer.status_code == 422 and "At most 4,000 characters." in answer.text and text in answer.text


def test_a_time_pressed_beside_the_typed_one_counts(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    page = client.get(f"/staff/leads/{lead.id}").text
    assert re.search(r'id="task-due"[^>]*value="\d{4}-\d\d-\d\dT09:00"', page), "tomorrow at nine unless said otherwise"
    week = re.search(r'name="due" value="(\S+)"[^>]*><span>In a week', page)
    assert week
    data = {"text": "Ring", "due": ["2030-01-01T10:00", week[1]]}
    assert client.post(f"/staff/leads/{lead.id}/tasks", data=data).status_code == 303
    assert 6 <= (session.query(Task).one().due_at - clock.now()).days <= 7
    refused = client.post(f"/staff/leads/{lead.id}/tasks", data=data | {"text": ""}).text
    assert f'value="{week[1]}"' in re.findall(r'<input[^>]*id="task-due"[^>]*>', refused)[0], "what was pressed is kept"


def test_a_task_changed_wrongly_is_said_beside_that_task(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    client.post(f"/staff/leads/{lead.id}/tasks", data={"text": "Ring", "due": "2026-12-01T10:00"})
    task = session.query(Task).one()
    answer = client.post(f"/staff/leads/{lead.id}/tasks/{task.id}/change", data={"text": "Write", "due": "soon"})
    assert answer.status_code == 422
    assert re.search(rf'id="task-due-{task.id}-error"', answer.text) and "task-due-error" not in answer.text
    assert re.search(rf'<input[^>]*id="task-text-{task.id}"[^>]*value="Write"', answer.text)
    assert 'value="Write"' not in re.findall(r'<input[^>]*id="task-text"[^>]*>', answer.text)[0]
    assert re.search(r'class="task-change"><details open', answer.text)


def test_a_file_that_cannot_be_kept_is_said_beside_its_field(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead("Vera"), signed_in(ana)
    for sent, words in (({}, "Choose a file first."), ({"file": (BytesIO(b"MZ"), "a.exe")}, "Only PDF and pictures")):
        answer = client.post(f"/staff/leads/{lead.id}/files", data=sent, content_type="multipart/form-data")
        assert answer.status_code == 422 and "<h1" in answer.text and "Vera" in answer.text
        assert re.search(rf'id="lead-file-error".*?{words}', answer.text, re.DOTALL), answer.text


@pytest.mark.parametrize(
    ("deed", "words"),
    [({"deed": "assign"}, "Choose somebody from the list."), ({"deed": "dance"}, "Choose what to do.")],
)
def test_what_many_leads_cannot_have_is_said_in_the_inbox_and_they_stay_chosen(
    signed_in: SignIn, boris: User, deed: dict[str, str], words: str
) -> None:
    chosen, other = make_lead("Chosen"), make_lead("Other")
    answer = signed_in(boris).post("/staff/leads/bulk?tab=free", data=deed | {"lead": str(chosen.id)})
    assert answer.status_code == 422 and words in answer.text and "Chosen" in answer.text
    assert re.search(rf'value="{chosen.id}" form="many"[^>]* checked', answer.text)
    assert not re.search(rf'value="{other.id}" form="many"[^>]* checked', answer.text)


def test_nothing_chosen_is_said_in_the_inbox(signed_in: SignIn, boris: User) -> None:
    make_lead("Waiting")
    answer = signed_in(boris).post("/staff/leads/bulk", data={"deed": "take"})
    assert answer.status_code == 422 and "Choose the leads first." in answer.text and "Waiting" in answer.text


def test_who_was_slower_is_told_and_nothing_is_lost_in_between(signed_in: SignIn, ana: User, boris: User) -> None:
    lead, slow, fast = make_lead(), signed_in(ana), signed_in(boris)
    slow.get(f"/staff/leads/{lead.id}")
    assert fast.post(f"/staff/leads/{lead.id}/assignment", data={"user": boris.id}).status_code == 303
    for act, data in {
        "note": {"text": "Mine too"},
        "call": {"outcome": "reached"},
        "assignment": {"user": ana.id},
        "status": {"status": "contacted"},
        "mail": {"subject": "Hello", "text": "Hello", "do": "send"},
    }.items():
        answer = slow.post(f"/staff/leads/{lead.id}/{act}", data=data)
        assert answer.status_code == 403 and "<h1" in answer.text, act
    notes = session.query(Activity).filter(Activity.kind == ActivityKind.NOTE).count()
    assert notes == 0


@pytest.mark.parametrize("lead_id", ["0", "999999", "99999999999999999999999"])
@pytest.mark.parametrize("act", ["note", "call", "tasks", "assignment", "status", "mail", "files", "tasks/1", "mail/1"])
def test_no_such_lead_is_no_such_page(signed_in: SignIn, boris: User, lead_id: str, act: str) -> None:
    data = {"text": "x", "due": "2026-12-01T10:00", "outcome": "reached", "status": "contacted", "subject": "x"}
    answer = signed_in(boris).post(f"/staff/leads/{lead_id}/{act}", data=data | {"do": "now"})
    assert answer.status_code == 404
