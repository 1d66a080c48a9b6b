"""Reads of passkeys."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from kroi.accounts.passkeys.models import Passkey
from kroi.core.errors import NotFound
from kroi.db.model import session


def list_of(user_id: int) -> Sequence[Passkey]:
    """Somebody's keys, oldest first."""
    return session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def lock(user_id: int, key_id: int) -> Passkey:
    """One of this person's keys, to be changed in this transaction; raises NotFound."""
    query = select(Passkey).where(Passkey.id == key_id, Passkey.user_id == user_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_("There is no such passkey."))
    return found


def lock_by_credential(credential_id: str) -> Passkey | None:
    """The key that calls itself so, to be changed in this transaction."""
    query = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
