"""Codes of the second step: which counts when, and what recovery codes look like. RFC 6238: six digits, 30 seconds."""

import hmac
import re
import secrets
from datetime import datetime, timedelta

import pyotp

STEP = 30  # seconds
_SKEW = (-1, 0, 1)  # steps that a phone's clock may be off
CODES = 10
PENDING_LASTS = timedelta(minutes=5)  # between the password and the code
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def new_secret() -> str:
    """160 random bits, as apps read them."""
    return pyotp.random_base32()


def address(secret: str, *, email: str, house: str) -> str:
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=house.replace(":", " "))


def find_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The step of which `code` is the code, if it is later than the last that was taken (`after`); else `None`.

    Every step that counts is computed, whichever it is.
    """
    totp, here = pyotp.TOTP(secret), int(now.timestamp()) // STEP
    right = [
        step for step in (here + skew for skew in _SKEW) if hmac.compare_digest(totp.at(step * STEP), _digits(code))
    ]
    return next((step for step in right if step > after), None)


def looks_like_recovery(code: str) -> bool:
    """Can this only be a recovery code? A code of an app has digits alone."""
    return not _digits(code).isdigit()


def new_recovery_codes() -> list[str]:
    """Ten codes of 59 random bits, to be written down: `k7mp-2qxe-94tn`."""
    return ["-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(3)) for _ in range(CODES)]


def bare(recovery_code: str) -> str:
    """A recovery code as it is compared, however it was typed."""
    return re.sub(r"[^a-z0-9]", "", recovery_code.lower())


def in_groups(secret: str) -> str:
    """A secret to be typed by hand, four letters at a time."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _digits(code: str) -> str:
    """Without the spaces that apps show; anything but ASCII could not be compared."""
    return re.sub(r"\s", "", code).encode("ascii", "replace").decode("ascii")[:20]
