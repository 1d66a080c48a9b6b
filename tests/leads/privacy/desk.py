"""What staff do with a person's leads, which leaves words and numbers in more places than the shopper ever saw."""

import io
from datetime import timedelta
from typing import Any

from kroi.core import clock
from kroi.db.model import session
from kroi.leads.files.models import LeadFile
from kroi.leads.mail.models import ReplyTemplate
from kroi.leads.models import Lead, Person, Task
from tests.leads.desk.test_files import PDF, picture
from tests.leads.privacy.house import House
from tests.support.makers import stored


def work(house: House, lead_id: int) -> None:
    """A lead is worked as on any day: notes, tasks, calls, files, mails, a reason for its score, several moves."""
    new, staff, page = house.canaries, house.staff, f"/staff/leads/{lead_id}"
    post(house, f"{page}/assignment", user=str(house.owner_id))
    for number in range(20):
        post(house, f"{page}/note", text=f"They said {new.word(f'note {number}')}")
    due = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    for number in range(8):
        post(house, f"{page}/tasks", text=f"Call {new.word(f'task {number}')}", due=due)
    task = session.query(Task).filter_by(lead_id=lead_id).order_by(Task.id).first()
    assert task is not None
    post(house, f"{page}/tasks/{task.id}/change", text=new.word("task: changed"), due=due)
    house.canaries.let_go("task 0")
    post(house, f"{page}/tasks/{task.id}")
    post(house, f"{page}/call", outcome="reached")
    post(house, f"{page}/score", score="88", reason=f"Knows {new.word('reason of a score')}")
    for number in range(4):
        pdf = PDF.replace(b"%%EOF", f"% {new.word(f'PDF {number}: content')}\n%%EOF".encode())
        files(house, lead_id, (pdf, f"{new.word(f'PDF {number}: name')}.pdf"))
        files(house, lead_id, (picture(), f"{new.word(f'picture {number}: name')}.jpg"))
    files(house, lead_id, (PDF, "offer.pdf"))
    gone = session.query(LeadFile).filter_by(lead_id=lead_id).order_by(LeadFile.id.desc()).offset(1).first()
    assert gone is not None
    post(house, f"{page}/files/{gone.id}")
    house.canaries.let_go("picture 3: name")
    write(house, lead_id)
    staff.get(page)


def write(house: House, lead_id: int) -> None:
    """Answers by mail, one begun with a template, looked at first."""
    new, page = house.canaries, f"/staff/leads/{lead_id}/mail"
    template = stored(ReplyTemplate(name="Hours", language="en", subject="{car}", body="Hello {name}"))
    for number in range(5):
        words = {"subject": new.word(f"answer {number}: subject"), "text": f"{new.word(f'answer {number}')}, then."}
        house.staff.post(page, data=words | {"do": "preview", "draft": f"{number:012x}"})
        post(house, page, **words, draft=f"{number:012x}")
    later = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    words = {"subject": new.word("answer that waits: subject"), "text": new.word("answer that waits")}
    post(house, page, **words, do="later", leaves=later, draft=f"{99:012x}")
    house.staff.post(page, data={"do": f"template:{template.id}", "subject": "", "text": ""})


def files(house: House, lead_id: int, *contents: tuple[bytes, str]) -> None:
    """Papers and pictures are kept with a lead."""
    post(house, f"/staff/leads/{lead_id}/files", file=[(io.BytesIO(raw), name) for raw, name in contents])


def walk_in(house: House) -> None:
    """Somebody came in and is written down."""
    new = house.canaries
    post(
        house,
        "/staff/leads/",
        name=f"{new.word('walk-in: given name')} {new.word('walk-in: family name')}",
        phone=f"0{new.digits('walk-in: phone')}",
        email=f"{new.word('walk-in: e-mail', ascii_only=True).lower()}@example.com",
        interest="question",
        source="walk_in",
        note=f"Wants {new.word('walk-in: note')}",
    )


def many(house: House, lead_ids: list[int]) -> None:
    """Something is done to many leads at once, and a view is saved under somebody's name."""
    post(house, "/staff/leads/bulk", deed="take", lead=lead_ids)
    post(house, "/staff/leads/bulk", deed="contacted", lead=lead_ids)
    name = session.get_one(Lead, lead_ids[-1]).name
    post(house, f"/staff/leads/views?q={name}&status=new", name="Matti's")
    post(house, f"/staff/leads/views?q={name}", name=f"All of {name}")
    house.staff.post("/staff/leads/export")


def make_one(house: House) -> int:
    """Everybody that the canaries came as is one person, merged one after the other, the last two before; who it is."""
    people = [each.id for each in session.query(Person).order_by(Person.id) if not each.name.endswith(" Virtanen")]
    first = session.query(Person).filter_by(name="Matti Virtanen").order_by(Person.id).first()
    assert first is not None and len(people) > 3
    post(house, f"/staff/people/{people[-2]}/merge/{people[-1]}")
    for other in people[:-1]:
        post(house, f"/staff/people/{first.id}/merge/{other}")
    return first.id


def post(house: House, path: str, **typed: Any) -> None:
    """The owner sends a form, and it is taken."""
    answer = house.staff.post(path, data=typed)
    assert answer.status_code == 303, (path, answer.status_code, answer.text[-2000:])
