"""Between the password and the code: who has done the first step, kept in the signed cookie for minutes."""

from dataclasses import dataclass
from datetime import UTC, datetime

import flask

from kroi.accounts import rules
from kroi.accounts.factors.rules import PENDING_LASTS
from kroi.accounts.models import User
from kroi.core import clock

_NAME = "second_step"


@dataclass(frozen=True)
class Pending:
    """Who (id), the mark of the password that was right, and where they were going."""

    user_id: int
    stamp: str
    next: str | None


def ask(user: User, next: str | None) -> None:
    """This browser has given the right password of `user`."""
    flask.session.clear()
    flask.session[_NAME] = [user.id, rules.stamp(user.password_hash), clock.now().timestamp(), next]


def read() -> Pending | None:
    """Who has done the first step here, lately."""
    match flask.session.get(_NAME):
        case [int(user_id), str(stamp), float(at), (str() | None) as next]:
            fresh = clock.now() - datetime.fromtimestamp(at, UTC) <= PENDING_LASTS
            return Pending(user_id, stamp, next) if fresh else None
    return None
