"""From words to a mail: its headers, and the identity that stays the same however often it is sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from kroi.core.sites import mail_domain

_LONGEST_LINE = 900  # RFC 5322 allows 998


@dataclass(frozen=True)
class Sheet:
    """A text file that goes with a letter. `kind` is its MIME subtype, `params` what stands beside that."""

    name: str
    kind: str
    content: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Letter:
    """What one mail says. `to` and `reply_to` are bare addresses; `answers` is true when it answers somebody."""

    to: str
    subject: str
    body: str
    sender_name: str
    sender: str
    reply_to: str | None = None
    answers: bool = False
    personal: bool = False
    """Written by a person, not by us."""
    in_reply_to: str | None = None
    message_id: str | None = None
    """Where the letter has one of its own."""
    sheet: Sheet | None = None


def compose(letter: Letter, *, message_id: str, at: datetime) -> EmailMessage:
    """The mail; raises ValueError when an address is none."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(letter.sender_name), addr_spec=_checked(letter.sender))
    mail["To"] = Address(addr_spec=_checked(letter.to))
    if letter.reply_to:
        mail["Reply-To"] = Address(addr_spec=_checked(letter.reply_to))
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    if letter.in_reply_to:
        mail["In-Reply-To"] = mail["References"] = one_line(letter.in_reply_to)
    if not letter.personal:
        mail["Auto-Submitted"] = "auto-replied" if letter.answers else "auto-generated"
    mail.set_content(letter.body, cte=_encoding(letter.body))
    if letter.sheet:
        sheet = letter.sheet
        mail.add_attachment(
            sheet.content, subtype=sheet.kind, cte="base64", filename=sheet.name, params=dict(sheet.params)
        )
    return mail


def message_id(dealership_id: int, outbox_id: int, made_at: datetime, domain: str) -> str:
    """The same for each attempt, so that a mail sent twice is recognised; another after a restored backup."""
    return f"<{dealership_id}.{outbox_id}.{made_at:%Y%m%d%H%M%S%f}@{domain}>"


def file_name(dealership_id: int, outbox_id: int) -> str:
    """The name of a mail that is kept as a file: the same for each attempt."""
    return f"{dealership_id}-{outbox_id}.eml"


def one_line(words: str) -> str:
    """Words for a header: no line ends, no control characters, at most 200 characters."""
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", words).strip()[:200]


def domain_of(host: str) -> str:
    """A domain for message ids and senders when the site has only an address like 127.0.0.1."""
    return mail_domain(host)


def _encoding(body: str) -> str:
    """One that every mail server takes, and that leaves links whole where it can."""
    plain = body.isascii() and all(len(line) <= _LONGEST_LINE for line in body.splitlines())
    return "7bit" if plain else "quoted-printable"


def _checked(address: str) -> str:
    if not address.isprintable() or parseaddr(address)[1] != address or "@" not in address:
        raise ValueError("not an address")
    return address
