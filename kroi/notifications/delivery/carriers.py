"""How a mail leaves: by SMTP, or as a file where no mail server is set."""

import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT = 10.0  # seconds that a mail server may think about one command
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class NotCarried(Exception):
    """It did not leave. `code` is safe to store; `permanent`: never will; `for_all`: nothing would leave now."""

    def __init__(self, code: str, *, permanent: bool = False, for_all: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.for_all = for_all


class Carrier(Protocol):
    """Takes mails away."""

    def carry(self, mail: EmailMessage, name: str) -> None:
        """Take one mail; `name` is the same for each attempt. Raises NotCarried."""

    def close(self) -> None:
        """Let go of connections until the next mail."""


def carrier_for(smtp_url: str | None, folder: Path) -> "Carrier":
    """SMTP where the settings name a server, else files in `folder`."""
    return Smtp(smtp_url) if smtp_url else Files(folder)


class Files:
    """Mails as files, whole or not at all; the same mail again replaces itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, mail: EmailMessage, name: str) -> None:
        """Write the mail for the owner's eyes only."""
        try:
            self._write(mail.as_bytes(), name)
        except OSError as error:
            raise NotCarried(f"file {error.errno}", for_all=True) from None

    def _write(self, content: bytes, name: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        try:
            with open(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self._folder / name)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def close(self) -> None:
        """Nothing is held."""


class Smtp:
    """Mails over one connection, opened when needed and kept for a sweep."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._open: smtplib.SMTP | None = None

    def carry(self, mail: EmailMessage, name: str) -> None:
        """Hand the mail to the server. A kept connection that has gone is opened again, once."""
        kept = self._open is not None
        try:
            self._send(mail)
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            self.close()
            if not kept:
                raise NotCarried("SMTP disconnected", for_all=True) from None
            self.carry(mail, name)

    def _send(self, mail: EmailMessage) -> None:
        try:
            if self._open is None:
                self._open = _connect(self._url)
            self._open.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(max(code for code, _ in error.recipients.values())) from None
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise _refused(error.smtp_code, sender=isinstance(error, smtplib.SMTPSenderRefused)) from None
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            raise
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise NotCarried(f"SMTP {type(error).__name__}", for_all=True) from None

    def close(self) -> None:
        """Say goodbye to the server."""
        found, self._open = self._open, None
        if found is not None:
            try:
                found.quit()
            except (smtplib.SMTPException, OSError):
                found.close()


def _refused(code: int, *, sender: bool = False) -> NotCarried:
    """A 5xx is about this mail and final, unless it is our own address that is refused: that is a setting."""
    return NotCarried(f"SMTP {code}", permanent=code >= 500 and not sender, for_all=sender)


def _connect(url: SplitResult) -> smtplib.SMTP:
    host, name = url.hostname or "localhost", unquote(url.username or "")
    if url.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            host, url.port or 465, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        smtp = smtplib.SMTP(host, url.port or (587 if name else 25), timeout=TIMEOUT)
        _encrypt(smtp, checked=bool(name), needed=bool(name) and host not in _LOOPBACK)
    if name:
        smtp.login(name, unquote(url.password or ""))
    return smtp


def _encrypt(smtp: smtplib.SMTP, *, checked: bool, needed: bool) -> None:
    """TLS when it is offered. A password goes only to a server whose name is proven, or to our own machine."""
    smtp.ehlo_or_helo_if_needed()
    if smtp.has_extn("starttls"):
        context = ssl.create_default_context()
        if not checked:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        smtp.starttls(context=context)
        smtp.ehlo()
    elif needed:
        smtp.close()
        raise NotCarried("SMTP offers no TLS for the password", for_all=True)
