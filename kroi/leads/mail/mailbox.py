"""The mailbox that customers answer to, read by IMAP: a message is marked as seen only after it was taken in."""

import hashlib
import imaplib
import logging
import ssl
import time
from collections import Counter
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from kroi.leads.mail import incoming
from kroi.leads.mail.incoming import Origin, Outcome
from kroi.leads.mail.rules.reading import MOST_BYTES
from kroi.web.settings import settings

_log = logging.getLogger(__name__)
_TIMEOUT = 10.0  # seconds that the server may think about one command
_MOST_IN_A_ROW = 50  # then the outbox has its turn
_TRIES = 3  # of a message that cannot be read; then it is flagged for a person
_LONGEST_PAUSE = 600.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Unsafe(Exception):
    """The server offers no TLS, and the password would go in the clear."""


class _Pause:
    """A server that fails is left alone for longer each time."""

    def __init__(self) -> None:
        self.failures, self.ends_at = 0, 0.0

    def failed(self) -> None:
        self.failures += 1
        self.ends_at = time.monotonic() + min(15.0 * 2 ** min(self.failures, 10), _LONGEST_PAUSE)

    def worked(self) -> None:
        self.failures, self.ends_at = 0, 0.0


_pause = _Pause()
_tried: Counter[Origin] = Counter()


def fetch() -> Counter[Outcome]:
    """Take in what is new in the mailbox, if there is one; how much came to what. A failing server is not an error."""
    url = settings().imap_url
    if not url or time.monotonic() < _pause.ends_at:
        return Counter()
    try:
        found = _fetch(urlsplit(url))
        _pause.worked()
        return found
    except (imaplib.IMAP4.error, OSError, Unsafe) as error:
        _pause.failed()
        _log.warning("the mailbox could not be read, %s in a row: %s", _pause.failures, type(error).__name__)
        return Counter()


def takes_plus_addresses(url: str | None) -> bool:
    """Does the mailbox's server deliver `name+anything@…`, as the setting says?"""
    return bool(url) and parse_qs(urlsplit(url or "").query).get("plus") == ["on"]


def _fetch(url: SplitResult) -> Counter[Outcome]:
    done: Counter[Outcome] = Counter()
    imap = _connect(url)
    try:
        validity = _select(imap, unquote(url.path.strip("/")) or "INBOX")
        mailbox = hashlib.sha256(f"{url.username}@{url.hostname}/{url.path}".encode()).hexdigest()[:32]
        _answer, found = imap.uid("SEARCH", "UNSEEN")
        for uid in (found[0] or b"").split()[:_MOST_IN_A_ROW]:
            outcome = _take(imap, Origin(mailbox, validity, int(uid)))
            done.update([outcome] if outcome else [])
    finally:
        _goodbye(imap)
    return done


def _take(imap: imaplib.IMAP4, origin: Origin) -> Outcome | None:
    uid = str(origin.uid)
    _answer, data = imap.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
    raw = next((part[1] for part in data if isinstance(part, tuple)), None)
    if raw is None:
        return None  # somebody deleted it meanwhile
    try:
        outcome = incoming.take(raw, origin)
    except Exception as error:  # one message must not hold up the others; the database's outages pass
        _note_fault(imap, origin, error)
        return None
    imap.uid("STORE", uid, "+FLAGS.SILENT", "(\\Seen)")
    _log.info("message %s of the mailbox: %s", uid, outcome.value)
    return outcome


def _note_fault(imap: imaplib.IMAP4, origin: Origin, error: Exception) -> None:
    _log.error("message %s of the mailbox could not be taken in: %s", origin.uid, type(error).__name__)
    _tried[origin] += 1
    if _tried[origin] >= _TRIES:
        imap.uid("STORE", str(origin.uid), "+FLAGS.SILENT", "(\\Seen \\Flagged)")


def _connect(url: SplitResult) -> imaplib.IMAP4:
    host, context = url.hostname or "localhost", ssl.create_default_context()
    if url.scheme == "imaps":
        imap: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, url.port or 993, ssl_context=context, timeout=_TIMEOUT)
    else:
        imap = imaplib.IMAP4(host, url.port or 143, timeout=_TIMEOUT)
    try:
        if url.scheme == "imap" and host not in _LOOPBACK:
            _encrypt(imap, context)
        imap.login(unquote(url.username or ""), unquote(url.password or ""))
    except BaseException:
        imap.shutdown()
        raise
    return imap


def _encrypt(imap: imaplib.IMAP4, context: ssl.SSLContext) -> None:
    if "STARTTLS" not in imap.capabilities:
        raise Unsafe
    imap.starttls(context)


def _select(imap: imaplib.IMAP4, folder: str) -> int:
    quoted = folder.replace("\\", "\\\\").replace('"', '\\"')
    answer, _count = imap.select(f'"{quoted}"')
    if answer != "OK":
        raise imaplib.IMAP4.error("no such folder")
    _name, found = imap.response("UIDVALIDITY")
    return int(found[0] or 0) if found else 0


def _goodbye(imap: imaplib.IMAP4) -> None:
    try:
        imap.logout()
    except (imaplib.IMAP4.error, OSError):
        imap.shutdown()
