"""What a mail says, read from bytes that a stranger sent: bounded in size, parts, depth and time, never an error."""

import codecs
import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr

from kroi.leads.mail.rules import html, quotes
from kroi.leads.rules import lines

MOST_BYTES = 25 * 1024 * 1024  # of one mail; what is longer is read up to here
MOST_TEXT = 10_000  # characters shown
MOST_WHOLE = 50_000  # characters kept with the quotations
_MOST_PARTS, _MOST_BOUNDARIES, _MOST_FILES, _MOST_HEADER = 100, 40, 20, 2_000
_MOST_MARKUP = 400_000
_MOST_DECORATION = 20_000  # bytes
_UNSAFE_CODECS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
_STATUS = re.compile(r"^status:\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(r"^action:\s*failed", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Attached:
    """What hangs on a mail, as it came."""

    name: str
    content: bytes = field(repr=False)
    is_cut: bool = False
    """Is its end missing?"""
    is_decoration: bool = False
    """Is it a small picture inside the text, such as a logo?"""


@dataclass(frozen=True)
class Read:
    """A mail as far as it concerns us. Texts are plain, one line for headers; addresses are as written."""

    sender: str
    sender_name: str
    subject: str
    text: str
    whole: str | None
    message_id: str
    answers: str
    """In-Reply-To and References."""
    recipients: str
    """Every address it names as its recipient."""
    files: list[Attached] = field(default_factory=list)
    automatic: bool = False
    bounce: str | None = None
    """The failed mail's ids, when this reports that one did not arrive."""
    status: str | None = None
    """Why not: `5.1.1`."""

    def key(self) -> str:
        """By what this mail is known again."""
        return hashlib.sha256(f"{self.message_id}\n{self.sender.lower()}".encode()).hexdigest()


def read(raw: bytes) -> Read:
    """The mail in these bytes."""
    is_cut, raw = len(raw) > MOST_BYTES, raw[:MOST_BYTES]
    if raw.lower().count(b"boundary=") > _MOST_BOUNDARIES:  # nested only to be costly
        raw = raw[: max(raw.find(b"\r\n\r\n"), 0)][:200_000] + b"\r\n\r\n"
    mail = email.message_from_bytes(raw, policy=compat32)
    parts = _parts(mail)
    name, sender = parseaddr(_header(mail, "From"))
    whole = _text(parts)
    text = quotes.own_words(whole)[:MOST_TEXT]
    bounce, status = _bounce(mail, parts)
    return Read(
        sender=lines.one_line(sender)[:254],
        sender_name=lines.one_line(name)[:120],
        subject=lines.one_line(_header(mail, "Subject"))[:200],
        text=text,
        whole=whole[:MOST_WHOLE] if whole != text else None,
        message_id=lines.one_line(_header(mail, "Message-ID"))[:400] or hashlib.sha256(raw).hexdigest(),
        answers=f"{_header(mail, 'References')} {_header(mail, 'In-Reply-To')}",
        recipients=" ".join(_header(mail, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To")),
        files=[_file(part, is_cut=is_cut and part is parts[-1]) for part in parts if _is_file(part)][:_MOST_FILES],
        automatic=_is_automatic(mail),
        bounce=bounce,
        status=status,
    )


def _header(mail: Message, name: str) -> str:
    raw = " ".join(str(value)[:_MOST_HEADER] for value in (mail.get_all(name) or [])[:5])
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError, LookupError):
        return raw
    return "".join(piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces)


def _decoded(data: bytes, charset: str | None) -> str:
    try:
        codec = codecs.lookup(charset or "utf-8").name
        return data.decode("latin-1" if codec.replace("-", "_") in _UNSAFE_CODECS else codec, "replace")
    except (LookupError, ValueError):
        return data.decode("latin-1")


def _parts(mail: Message) -> list[Message]:
    """The parts with content, in order; of other mails inside it, only that they are there."""
    found: list[Message] = []
    waiting = [mail]
    while waiting and len(found) < _MOST_PARTS:
        part = waiting.pop()
        content = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(content, list):
            waiting += [each for each in reversed(content[:_MOST_PARTS]) if isinstance(each, Message)]
        else:
            found.append(part)
    return found


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or (
        part.get_content_maintype() not in ("text", "message", "multipart") and bool(_name(part))
    )


def _name(part: Message) -> str:
    try:
        return lines.one_line(part.get_filename() or "")[:120]
    except (ValueError, LookupError, TypeError):
        return ""


def _file(part: Message, *, is_cut: bool) -> Attached:
    content = _content(part)
    inside = part.get_content_disposition() != "attachment" and bool(part.get("Content-ID"))
    is_small = inside and len(content) <= _MOST_DECORATION
    return Attached(_name(part) or part.get_content_type()[:60], content, is_cut, is_small)


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return b""
    return content if isinstance(content, bytes) else b""


def _text(parts: list[Message]) -> str:
    """The plain text, else the words of the HTML."""
    plain = [_words(part) for part in _of(parts, "text/plain")]
    if any(each.strip() for each in plain):
        return lines.many_lines("\n\n".join(plain)[:_MOST_MARKUP])
    marked = "\n".join(_words(part) for part in _of(parts, "text/html"))
    return lines.many_lines(html.words(marked[:_MOST_MARKUP]))


def _of(parts: list[Message], kind: str) -> Iterator[Message]:
    return (part for part in parts if part.get_content_type() == kind and not _is_file(part))


def _words(part: Message) -> str:
    return _decoded(_content(part)[: 2 * _MOST_MARKUP], _charset(part))


def _charset(part: Message) -> str | None:
    try:
        return part.get_content_charset()
    except (ValueError, LookupError):
        return None


def _is_automatic(mail: Message) -> bool:
    """Did a machine write it: an answering one, or a list?"""
    said = _header(mail, "Auto-Submitted").strip().lower()
    precedence = _header(mail, "Precedence").strip().lower()
    return bool(
        (said and not said.startswith("no"))
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(mail.get(name) for name in ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond"))
        or _header(mail, "Return-Path").strip() == "<>"
    )


def _bounce(mail: Message, parts: list[Message]) -> tuple[str | None, str | None]:
    """The ids of the mail that did not arrive, and the status, when this is such a report (RFC 3464)."""
    if mail.get_content_type() != "multipart/report":
        return None, None
    reports = [_flat(part) for part in parts if part.get_content_type() == "message/delivery-status"]
    if not any(_FAILED.search(report) for report in reports):
        return None, None
    found = next((hit[1] for report in reports if (hit := _STATUS.search(report))), None)
    originals = [part for part in parts if part.get_content_type() in ("message/rfc822", "text/rfc822-headers")]
    return " ".join([*map(_flat, originals), _header(mail, "References")]), found


def _flat(part: Message) -> str:
    """A part as it was sent, as far as it can be written."""
    try:
        return part.as_string()[:20_000]
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
