"""Decisions about passwords and addresses of staff; no database, no web.

A password counts exactly as typed. bcrypt reads 72 bytes and stops at a zero byte, so what is longer, or holds one, is
hashed to 44 characters first.
"""

import base64
import enum
import hashlib
import re
import secrets
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import bcrypt

LEAST, MOST = 8, 200  # characters of a password
FIRST_PASSWORD_LASTS = timedelta(days=7)
_BCRYPT_READS = 72  # bytes
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_COMMON = Path(__file__).with_name("common_passwords.txt")
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,189}", re.ASCII)


class Weakness(enum.StrEnum):
    """Why a password is not good enough."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    OWN_NAME = "own name"


def weakness(password: str, *, email: str, name: str) -> Weakness | None:
    """What is wrong with this password for this person; `None` when it will do."""
    if len(password) < LEAST:
        return Weakness.SHORT
    if len(password) > MOST:
        return Weakness.LONG
    if password.casefold() in _common():
        return Weakness.COMMON
    own = {email, email.partition("@")[0], name, *name.split()}
    return Weakness.OWN_NAME if _letters(password) in {_letters(each) for each in own} else None


def hash_password(password: str, cost: int) -> str:
    """What is stored of a password. `cost` is bcrypt's: each step doubles the work."""
    return bcrypt.hashpw(_readable(password), bcrypt.gensalt(cost)).decode("ascii")


def matches(password: str, stored: str) -> bool:
    """Was `stored` made from this password? Takes as long for a wrong one."""
    return bcrypt.checkpw(_readable(password), stored.encode("ascii"))


def nobodys_hash(cost: int) -> str:
    """A hash that no password makes, to be compared with when there is no such person: the same work, and no."""
    return f"$2b${cost:02}$" + "." * 53


def is_weaker_hash(stored: str, cost: int) -> bool:
    """Was `stored` made with less work than is asked for now?"""
    return int(stored.split("$")[2]) < cost


def stamp(stored: str) -> str:
    """A short mark of a stored hash, by which it is recognised a moment later."""
    return hashlib.sha256(stored.encode("ascii")).hexdigest()[:32]


def new_password() -> str:
    """A random password that can be read out on the phone: 79 bits in four groups."""
    return "-".join("".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(4))


def has_run_out(temporary_until: datetime | None, now: datetime) -> bool:
    """Was this a first password, never replaced by an own one in time?"""
    return temporary_until is not None and now > temporary_until


def is_email(typed: str) -> bool:
    """Can this be an e-mail address? Kind to names inside a house, strict about what could end up in a header."""
    return _EMAIL.fullmatch(typed) is not None


def _readable(password: str) -> bytes:
    raw = password.encode("utf-8", "surrogatepass")
    if len(raw) > _BCRYPT_READS or b"\0" in raw:
        return base64.b64encode(hashlib.sha256(raw).digest())
    return raw


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalpha())


@cache
def _common() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="ascii").splitlines()
    return frozenset(word.casefold() for line in lines if not line.startswith("# ") for word in line.split())
