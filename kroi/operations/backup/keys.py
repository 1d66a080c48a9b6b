"""Age encryption: to write a backup the recipients suffice, to read one it takes an identity; one file names either."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage

from kroi.core import unsafe
from kroi.core.errors import Invalid

_IDENTITY = "AGE-SECRET-KEY-"


@dataclass(frozen=True)
class Keys:
    """Who may read what we write (`recipients`), and as whom we read (`identities`, none where we only write)."""

    recipients: tuple[object, ...]
    identities: tuple[object, ...]

    @property
    def can_read(self) -> bool:
        """Is there an identity?"""
        return bool(self.identities)


def load(path: Path | None) -> Keys | None:
    """The keys of a file as age writes it, `None` without a file; raises Invalid and OSError."""
    if path is None:
        return None
    lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    try:
        identities = tuple(pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith(_IDENTITY))
        recipients = tuple(_recipient(line) for line in lines if not line.startswith(_IDENTITY))
    except (pyrage.IdentityError, pyrage.RecipientError):
        raise Invalid(f"{path.name} holds a line that is no age key.") from None
    if not lines:
        raise Invalid(f"{path.name} holds no age key. Make one with age-keygen.")
    return Keys((*recipients, *(each.to_public() for each in identities)), identities)


def too_open(path: Path) -> str | None:
    """A warning of a file with an identity that everybody on this machine may read; `None` when all is well."""
    try:
        secret = _IDENTITY in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return unsafe.readable(path) if secret else None


def _recipient(line: str) -> object:
    return pyrage.ssh.Recipient.from_str(line) if line.startswith("ssh-") else pyrage.x25519.Recipient.from_str(line)


def lock(keys: Keys, plain: BinaryIO, into: BinaryIO) -> None:
    """Encrypt for every recipient."""
    pyrage.encrypt_io(plain, into, list(keys.recipients))


def unlock(keys: Keys | None, locked: BinaryIO, into: BinaryIO, *, name: str) -> None:
    """Decrypt; raises Invalid when it is not for us, or damaged. `name` is what the sentence calls it."""
    if keys is None or not keys.can_read:
        raise Invalid(f"{name} is encrypted. To read it, BACKUP_KEY_FILE must name a file with the identity.")
    try:
        pyrage.decrypt_io(locked, into, list(keys.identities))
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise Invalid(f"{name} was encrypted for another key than the one in BACKUP_KEY_FILE.") from None
        raise Invalid(f"{name} is damaged, cut short, or not encrypted by Kroi.") from None
    except OSError as error:
        if error.errno:
            raise
        raise Invalid(f"{name} is damaged or cut short: it does not decrypt.") from None
