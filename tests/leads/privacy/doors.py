"""The doors that a shopper's data comes in by, each tried the way people do: forms, the own page, mails."""

import io
from collections.abc import Mapping
from email.message import EmailMessage
from itertools import count
from typing import Any

from PIL import Image
from sqlalchemy import select

from kroi.catalogue.models import Car
from kroi.db.model import session
from kroi.leads.mail import incoming
from kroi.leads.mail.incoming import Origin, Outcome
from kroi.leads.mail.models import Mail
from kroi.leads.own_page import queries as own_pages
from kroi.leads.visits import queries as visits
from kroi.leads.visits import rules as times
from tests.leads.asking import leads, opened, ticket_in
from tests.leads.desk.test_files import PDF
from tests.leads.privacy.house import House

PHONE = "+358 40 555 1234"
"""Matti's and his wife's, so it is nobody's canary."""
_uids = count(1)


def inquiries(house: House) -> list[int]:
    """One inquiry of every kind, each under another name, and one that is spam."""
    car = f"/cars/{house.slug}/inquiry"
    ask(house, "question", "/contact", known={"name": "Matti Virtanen", "phone": PHONE})
    ask(house, "question", car)
    ask(house, "test_drive", car, slot=_slot(house))
    ask(house, "trade_in", car, **_own_car(house))
    ask(house, "finance", car, down=house.canaries.note("down payment", "7391846"), months="48")
    ask(house, "call_back", "/contact", call_time="evening")
    ask(house, "notify", car, looking_for=house.canaries.word("looking for"), most="9000")
    ask(house, "trade_in", "/contact", make=house.canaries.word("make"), model=house.canaries.word("model"))
    ask(house, "question", "/contact", door="spam", website="http://buy.example")
    return [each.id for each in leads()]


def ask(
    house: House, interest: str, path: str, *, door: str = "", known: Mapping[str, str] | None = None, **typed: Any
) -> None:
    """Somebody asks, twice in the same words; every field and header is a canary, but for what is `known`."""
    new, door = house.canaries, door or f"{interest} at {path[:8]}"
    headers = _headers(house, door)
    query = {f"utm_{name}": new.word(f"{door}: utm_{name}") for name in ("source", "medium", "campaign")}
    data = {
        **(known or _who(house, door)),
        "email": f"{new.word(f'{door}: e-mail', ascii_only=True).lower()}@example.com",
        "message": f"Is it still there? {new.word(f'{door}: message')}",
        "interest": interest,
        "submission": opened(house.shopper, path, query_string=query, headers=headers),
        "not a field": new.word(f"{door}: unknown field", passing=True),
    } | typed
    for _again in range(2):  # a resend is one lead
        files = {name: [(io.BytesIO(raw), label) for raw, label in data[name]] for name in ("photos",) if name in data}
        answer = house.shopper.post(path, data=data | files, headers=headers)
        assert answer.status_code == 303, answer.text


def _who(house: House, door: str) -> dict[str, str]:
    new = house.canaries
    name = f"{new.word(f'{door}: given name')} {new.word(f'{door}: family name')}"
    return {"name": name, "phone": f"0{new.digits(f'{door}: phone')}"}


def _slot(house: House) -> str:
    car = session.scalars(select(Car).where(Car.slug == house.slug)).one()
    return times.write(visits.list_free(car)[0].starts_at)


def _headers(house: House, door: str) -> dict[str, str]:
    new = house.canaries
    host = f"{new.word(f'{door}: referrer host', ascii_only=True).lower()}.example"
    secret = new.word(f"{door}: referrer path", passing=True, ascii_only=True)
    return {
        "Referer": f"https://{host}/{secret}?q={secret}",
        "Accept-Language": new.word(f"{door}: Accept-Language", passing=True, ascii_only=True),
        "User-Agent": new.word(f"{door}: User-Agent", passing=True, ascii_only=True),
    }


def _own_car(house: House) -> dict[str, Any]:
    new = house.canaries
    return {
        "make": new.word("own car: make"),
        "model": new.word("own car: model"),
        "plate": new.word("own car: plate", ascii_only=True),
        "year": "2009",
        "mileage": "218000",
        "condition": "worn",
        "photos": [(_photo(house), f"{new.word('photo: file name', passing=True)}.jpg")],
    }


def _photo(house: House) -> bytes:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = house.canaries.word("photo: EXIF", passing=True, ascii_only=True)
    Image.new("RGB", (640, 480), "teal").save(file, "JPEG", exif=exif)
    return file.getvalue()


def refused(house: House) -> None:
    """A form that comes back with a mistake, and a photo that no lead was made of, leave no words behind."""
    new, path = house.canaries, f"/cars/{house.slug}/inquiry"
    ticket = ticket_in(house.shopper.get(path).text)
    data = {
        "name": new.word("refused: name", passing=True), "email": new.word("refused: e-mail", passing=True),
        "message": new.word("refused: message", passing=True), "interest": "question", "submission": ticket,
    }  # fmt: skip
    assert house.shopper.post(path, data=data).status_code == 422
    tried = {"email": f"{new.word('sign-in: account', passing=True, ascii_only=True)}@a.test", "password": "no"}
    house.shopper.post("/staff/sign-in", data=tried)
    house.staff.get("/staff/leads/", query_string={"q": new.word("the inbox's search", passing=True)})


def own_page(house: House, lead_id: int) -> str:
    """What somebody writes on their own page, and that they want to be erased; the page's address."""
    mine = f"/my/{own_pages.find_key(lead_id)}"
    for number in range(15):
        words = {"message": f"One more thing: {house.canaries.word(f'own page: message {number}')}"}
        assert house.shopper.post(f"{mine}/messages", data=words).status_code == 303
    assert house.shopper.post(f"{mine}/erasure").status_code == 303
    return mine


def mails(house: House, lead_id: int) -> None:
    """Mails that answer ours, from them and from somebody of theirs, and one that asks anew."""
    ours = session.query(Mail).filter_by(lead_id=lead_id).order_by(Mail.id).first()
    assert ours is not None
    for number in range(6):
        assert _arrives(house, f"mail {number}", ours.message_id) is Outcome.THREADED
    assert _arrives(house, "mail that asks", "") is Outcome.NEW_LEAD


def _arrives(house: House, door: str, answers: str) -> Outcome:
    new, mail = house.canaries, EmailMessage()
    sender = new.word(f"{door}: sender", ascii_only=True).lower()
    mail["From"] = f"{new.word(f'{door}: sender name', passing=bool(answers))} <{sender}@example.com>"
    mail["To"] = "sales@a.test"
    mail["Subject"] = f"Re: {new.word(f'{door}: subject')}"
    mail["Message-ID"] = f"<{new.word(f'{door}: Message-ID', ascii_only=True)}@example.com>"
    mail["X-Mailer"] = new.word(f"{door}: X-Mailer", passing=True, ascii_only=True)
    if answers:
        mail["References"] = f"<{new.word(f'{door}: References', passing=True, ascii_only=True)}@x.example> {answers}"
    quoted = f"On Monday Olga wrote:\n> {new.word(f'{door}: quoted')}"
    mail.set_content(f"{new.word(f'{door}: text')} is fine.\n\n{quoted}\n")
    attached, name = new.word(f"{door}: attached", passing=True), new.word(f"{door}: name of what is attached")
    mail.add_attachment(attached.encode(), maintype="application", subtype="octet-stream", filename=f"{name}.bin")
    paper, title = PDF + new.word(f"{door}: PDF").encode(), new.word(f"{door}: name of the PDF")
    mail.add_attachment(paper, maintype="application", subtype="pdf", filename=f"{title}.pdf")
    return incoming.take(mail.as_bytes(), Origin("box", 1, next(_uids)))
