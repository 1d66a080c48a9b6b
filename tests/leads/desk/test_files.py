"""Papers and pictures are kept with a lead for staff only: judged by content, drawn anew, always a download."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from kroi.accounts.models import User
from kroi.core.errors import Invalid
from kroi.db.model import session
from kroi.leads.files import rules, service
from kroi.leads.files.models import LeadFile
from kroi.leads.files.store import here
from kroi.leads.models import Lead
from tests.support.client import Client
from tests.support.makers import make_lead

SignIn = Callable[[User], Client]
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n"


def picture(kind: str = "JPEG") -> bytes:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at their home"
    Image.new("RGB", (800, 600), "teal").save(file, kind, exif=exif)
    return file.getvalue()


def send(client: Client, lead: Lead, *files: tuple[bytes, str]) -> Any:
    data = {"file": [(BytesIO(content), name) for content, name in files]}
    return client.post(f"/staff/leads/{lead.id}/files", data=data)


def stored_files() -> list[str]:
    folder = here().root
    return sorted(path.name for path in folder.rglob("paper-*")) if folder.is_dir() else []


def test_a_pdf_is_kept_and_comes_back_as_a_download(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    assert send(client, lead, (PDF, "Tarjous ä.pdf")).status_code == 303
    file = session.scalars(select(LeadFile)).one()
    answer = client.get(f"/staff/files/{file.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    page = client.get(f"/staff/leads/{lead.id}").text
    assert "Tarjous ä.pdf" in page and "added a file" in page


def test_a_picture_is_drawn_anew_without_what_stood_beside_its_pixels(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    send(client, lead, (picture("PNG"), "home.PNG.exe"))
    file = session.scalars(select(LeadFile)).one()
    content = client.get(f"/staff/files/{file.id}").data
    assert file.name == "home.PNG.jpg"
    assert Image.open(BytesIO(content)).format == "JPEG" and b"taken at their home" not in content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><script>alert(1)</script>", "Only PDF and pictures"),
        (b"", "This file is empty."),
        (picture()[:2000], "Please send it again."),
    ],
    ids=["a page", "nothing", "half a picture"],
)
def test_what_cannot_be_kept_is_refused_and_nothing_stays(
    signed_in: SignIn, ana: User, content: bytes, words: str
) -> None:
    lead = make_lead()
    answer = send(signed_in(ana), lead, (PDF, "good.pdf"), (content, "bad.pdf"))
    assert answer.status_code == 422 and words in answer.text
    assert session.scalars(select(LeadFile)).all() == [] and stored_files() == []


def test_a_pdf_has_a_limit(app: Flask) -> None:
    with pytest.raises(Invalid, match="larger than 10 MB"):
        service.prepare(PDF + b"x" * rules.MOST_PDF, "big.pdf")
    assert stored_files() == []


def test_no_public_address_leads_to_a_file(signed_in: SignIn, client: Client, ana: User) -> None:
    send(signed_in(ana), make_lead(), (PDF, "secret.pdf"))
    (name,) = stored_files()
    assert client.get(f"/media/{name}").status_code == 404
    file = session.scalars(select(LeadFile)).one()
    assert client.get(f"/staff/files/{file.id}").status_code == 303


def test_a_deleted_file_is_gone_from_the_disk(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    send(client, lead, (PDF, "offer.pdf"))
    file_id = session.scalars(select(LeadFile.id)).one()
    assert client.post(f"/staff/leads/{make_lead().id}/files/{file_id}").status_code == 404
    assert client.post(f"/staff/leads/{lead.id}/files/{file_id}").status_code == 303
    assert client.get(f"/staff/files/{file_id}").status_code == 404 and stored_files() == []
    assert "took a file away" in client.get(f"/staff/leads/{lead.id}").text


def test_a_colleague_reads_and_does_not_write_and_a_stranger_sees_nothing(
    signed_in: SignIn, ana: User, boris: User, chris: User
) -> None:
    lead = make_lead(assignee_id=boris.id)
    send(signed_in(boris), lead, (PDF, "offer.pdf"))
    file_id = session.scalars(select(LeadFile.id)).one()
    sales = signed_in(ana)
    assert sales.get(f"/staff/files/{file_id}").status_code == 200
    assert send(sales, lead, (PDF, "mine.pdf")).status_code == 403
    assert sales.post(f"/staff/leads/{lead.id}/files/{file_id}").status_code == 403
    assert signed_in(chris).get(f"/staff/files/{file_id}").status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Papers\\offer.docx", "offer.pdf"),
        ("", "file.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ("x" * 400 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert rules.clean_name(given, "pdf") == kept
