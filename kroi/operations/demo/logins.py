"""The demo's passwords: random, made once, in a file that only its owner may read."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kroi.accounts import queries as accounts
from kroi.accounts import rules as passwords
from kroi.core.unsafe import DEMO_LOGINS
from kroi.operations.demo.rules import STAFF

DOMAIN = "halyardmotors.example"


@dataclass(frozen=True)
class Login:
    """Somebody of the demo's staff and how they sign in. `stored` is the password's hash as it was first stored."""

    key: str
    name: str
    role: str
    email: str
    password: str
    stored: str = ""


def made_once(instance: Path) -> list[Login]:
    """The logins of this installation; made, and written down, when they are first asked for."""
    path = _path(instance)
    if not path.exists():
        _write(path, [Login(key, name, role, f"{key}@{DOMAIN}", passwords.new_password()) for key, name, role in STAFF])
    return [Login(**each) for each in json.loads(path.read_text(encoding="utf-8"))]


def remember(instance: Path, stored: Mapping[str, str]) -> None:
    """Note the hashes by key, so that it is known at a glance whether a password was changed since."""
    _write(_path(instance), [replace(each, stored=stored[each.key]) for each in made_once(instance)])


def still_good(instance: Path) -> list[Login]:
    """Those logins with which somebody can still sign in; none where there is no demo."""
    if not _path(instance).exists():
        return []
    return [each for each in made_once(instance) if _opens(each)]


def _opens(login: Login) -> bool:
    user = accounts.find_by_email(login.email)
    if user is None or not user.active:
        return False
    return user.password_hash == login.stored or passwords.matches(login.password, user.password_hash)


def _path(instance: Path) -> Path:
    return instance / DEMO_LOGINS


def _write(path: Path, logins: list[Login]) -> None:
    """Whole or not at all, and never readable for others, not even for a moment."""
    draft = path.with_suffix(".part")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(each) for each in logins], file, indent=1, ensure_ascii=False)
    draft.replace(path)
