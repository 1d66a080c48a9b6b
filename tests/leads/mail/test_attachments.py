"""What hangs on a mail is kept with its lead by what it holds, once, within limits; what is not kept says why."""

import base64
import time
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads.files import rules, service
from kroi.leads.files.models import FileKind, LeadFile
from kroi.leads.files.store import here
from kroi.leads.mail import attachments, incoming
from kroi.leads.mail.attachments import MOST_KEPT
from kroi.leads.mail.incoming import Origin, Outcome
from kroi.leads.mail.models import Mail
from kroi.leads.mail.rules import reading
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from tests.leads.mail.rows import arrive, written
from tests.support.client import Client
from tests.support.makers import make_lead

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"


def picture(kind: str = "JPEG", width: int = 800) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, 600), "teal").save(file, kind)
    return file.getvalue()


def mail(*files: tuple[bytes, str], message_id: str = "<one@example.test>", answers: str = "", **more: Any) -> bytes:
    """A mail with these files (content and name), as bytes; all say that they are Word's."""
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = "Wilma <wilma@example.test>", "sales@a.test", "Papers"
    found["Message-ID"] = message_id
    if answers:
        found["In-Reply-To"] = answers
    found.set_content("Here they are.")
    for content, name in files:
        found.add_attachment(content, maintype="application", subtype="msword", filename=name, **more)
    return found.as_bytes()


def kept() -> list[LeadFile]:
    return list(session.scalars(select(LeadFile).order_by(LeadFile.id)))


def lying() -> list[str]:
    folder = here().root
    return sorted(path.name for path in folder.rglob("paper-*")) if folder.is_dir() else []


def named(lead: Lead) -> list[dict[str, object]]:
    """What the last mail of a lead says of its files."""
    return session.scalars(select(Mail.files).where(Mail.lead_id == lead.id).order_by(Mail.id.desc())).first() or []


@pytest.fixture
def lead(app: Flask) -> Lead:
    return make_lead(email="wilma@example.test")


@pytest.fixture
def ours(lead: Lead) -> str:
    """The Message-ID that an answer names."""
    return written(lead).message_id


def test_papers_and_pictures_are_kept_with_the_lead_by_what_they_hold(
    lead: Lead, ours: str, signed_in: SignIn, ana: User
) -> None:
    raw = mail((PDF, "../../etc/Rekisteriote ä.exe"), (picture("PNG"), "own car.docm"), answers=ours)
    assert arrive(raw) is Outcome.THREADED
    paper, photo = kept()
    assert (paper.lead_id, paper.kind, paper.name, paper.by_id) == (lead.id, FileKind.PDF, "Rekisteriote ä.pdf", None)
    assert (photo.kind, photo.name) == (FileKind.JPEG, "own car.jpg")
    assert service.read(paper) == PDF and (service.read(photo) or b"")[:3] == b"\xff\xd8\xff"
    client = signed_in(ana)
    page = client.get(f"/staff/leads/{lead.id}").text
    assert page.count(f"/staff/files/{paper.id}") == 2, "with the mail, and among the files"
    assert "added a file" not in page
    answer = client.get(f"/staff/files/{paper.id}")
    assert answer.data == PDF and answer.headers["Content-Disposition"].startswith("attachment;")


def test_what_cannot_be_kept_is_named_with_the_reason(lead: Lead, ours: str, signed_in: SignIn, ana: User) -> None:
    raw = mail((b"MZ\x90\x00", "invoice.pdf"), (picture()[:-400], "cut.jpg"), (b"", "nothing.pdf"), answers=ours)
    assert arrive(raw) is Outcome.THREADED
    assert kept() == [] and lying() == []
    assert [each.get("why") for each in named(lead)] == ["not_a_photo", "broken", "empty"]
    page = signed_in(ana).get(f"/staff/leads/{lead.id}").text
    assert "invoice.pdf" in page and "only PDF and pictures are kept" in page and "damaged" in page


def test_a_script_in_a_name_or_a_picture_is_only_words(lead: Lead, ours: str, signed_in: SignIn, ana: User) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    arrive(mail((svg, "<img src=x onerror=alert(1)>.svg"), answers=ours))
    page = signed_in(ana).get(f"/staff/leads/{lead.id}").text
    assert kept() == [] and "<img src=x" not in page and "&lt;img src=x" in page


def test_the_same_message_twice_makes_no_second_copy(lead: Lead, ours: str) -> None:
    raw = mail((PDF, "one.pdf"), answers=ours)
    assert arrive(raw) is Outcome.THREADED
    before = lying()
    assert arrive(raw) is Outcome.KNOWN
    assert len(kept()) == 1 and lying() == before


def test_a_message_that_comes_at_once_to_two_workers_is_kept_once(lead: Lead, ours: str) -> None:
    read = reading.read(mail((PDF, "one.pdf"), answers=ours))
    first, second = (attachments.prepare(read) for _each in range(2))
    assert [each.prepared for each in first.files] == [each.prepared for each in second.files]


def test_a_new_lead_by_mail_has_its_files_and_spam_has_none(app: Flask, signed_in: SignIn, ana: User) -> None:
    assert arrive(mail((PDF, "mine.pdf"), (b"x", "odd.bin"))) is Outcome.NEW_LEAD
    (file,) = kept()
    page = signed_in(ana).get(f"/staff/leads/{file.lead_id}").text
    assert "mine.pdf" in page and "odd.bin" in page
    with transaction():
        session.get_one(Lead, file.lead_id).status = LeadStatus.SPAM
        ours = session.scalars(select(Mail.message_id)).first()
    assert ours
    again = written(session.get_one(Lead, file.lead_id)).message_id
    arrive(mail((PDF, "more.pdf"), message_id="<two@example.test>", answers=again))
    assert len(kept()) == 1 and len(lying()) == 1
    assert named(session.get_one(Lead, file.lead_id))[0]["why"] == "spam"


def test_a_machines_mail_leaves_nothing_behind(lead: Lead) -> None:
    raw = mail((PDF, "one.pdf")).replace(b"Subject:", b"Auto-Submitted: auto-replied\nSubject:", 1)
    assert arrive(raw) is Outcome.AUTOMATIC
    assert kept() == [] and lying() == []


def test_there_are_limits_for_a_mail_and_for_a_lead(lead: Lead, ours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(mail(*[(PDF + b"%d" % n, f"{n}.pdf") for n in range(MOST_KEPT + 3)], answers=ours))
    assert len(kept()) == len(lying()) == MOST_KEPT
    assert [each.get("why") for each in named(lead)][MOST_KEPT:] == ["too_many"] * 3
    monkeypatch.setattr(rules, "MOST_FILES", MOST_KEPT + 1)
    arrive(mail((PDF, "a.pdf"), (PDF, "b.pdf"), message_id="<two@example.test>", answers=ours))
    assert len(kept()) == len(lying()) == MOST_KEPT + 1 and named(lead)[1]["why"] == "too_many"


def test_a_logo_inside_the_text_is_not_kept(lead: Lead, ours: str) -> None:
    raw = mail((picture(width=650), "logo.jpg"), answers=ours, disposition="inline", cid="<logo@x>")
    arrive(raw)
    assert kept() == [] and named(lead)[0]["why"] == "decoration"


def test_a_mail_that_is_too_long_keeps_what_came_whole(lead: Lead, ours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = mail((PDF, "first.pdf"), (PDF + bytes(40_000), "second.pdf"), answers=ours)
    monkeypatch.setattr(reading, "MOST_BYTES", 30_000)
    arrive(raw)
    assert [each.name for each in kept()] == ["first.pdf"] and named(lead)[1]["why"] == "cut"


def test_a_pdf_of_25_megabytes_costs_little_and_is_named(lead: Lead, ours: str) -> None:
    body = base64.encodebytes(PDF + bytes(18 * 1024 * 1024))
    head = mail(answers=ours).replace(b"Content-Type: text/plain", b"Content-Disposition: attachment\nX-Was: text")
    head = head.partition(b"\n\n")[0].replace(b"Content-Transfer-Encoding: 7bit", b"Content-Transfer-Encoding: base64")
    start = time.process_time()
    assert arrive(head + b"\n\n" + body) is Outcome.THREADED
    assert time.process_time() - start < 10
    assert kept() == [] and named(lead)[0]["why"] == "too_heavy"


def test_a_thousand_parts_are_bounded(lead: Lead, ours: str) -> None:
    start = time.process_time()
    assert arrive(mail(*[(PDF, f"{n}.pdf") for n in range(1_000)], answers=ours)) is Outcome.THREADED
    assert time.process_time() - start < 10
    assert len(kept()) == MOST_KEPT and len(named(lead)) <= 20


def test_a_picture_that_unpacks_to_absurd_sizes_is_named(lead: Lead, ours: str) -> None:
    bomb = BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    arrive(mail((bomb.getvalue(), "bomb.png"), answers=ours))
    assert kept() == [] and named(lead)[0]["why"] == "too_large"


def test_a_fault_in_between_loses_nothing(lead: Lead, ours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = mail((PDF, "one.pdf"), answers=ours)

    def fail(*_args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(incoming, "_take", fail)
        incoming.take(raw, Origin("box", 1, 7))
    assert incoming.take(raw, Origin("box", 1, 7)) is Outcome.THREADED
    assert len(kept()) == len(lying()) == 1


def test_files_that_no_lead_holds_go_after_a_day(lead: Lead, ours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(mail((PDF, "one.pdf"), answers=ours))
    service.prepare(PDF, "left behind.pdf")
    service.forget_left_behind()
    assert len(lying()) == 2
    monkeypatch.setattr(rules, "LEFT_BEHIND", clock.now() - clock.now())
    service.forget_left_behind()
    assert len(lying()) == 1 and service.read(kept()[0]) == PDF


def test_a_file_that_was_deleted_since_is_no_link(lead: Lead, ours: str, signed_in: SignIn, ana: User) -> None:
    arrive(mail((PDF, "one.pdf"), answers=ours))
    client, file_id = signed_in(ana), kept()[0].id
    assert client.post(f"/staff/leads/{lead.id}/files/{file_id}").status_code == 303
    page = client.get(f"/staff/leads/{lead.id}").text
    assert "one.pdf, deleted" in " ".join(page.split()) and f"/staff/files/{file_id}" not in page
