"""Asking passkeys, and judging what they answer.

The arithmetic stands in `ceremonies`, which is imported where it is needed: it brings a heavy library.
"""

import hashlib
import logging

from flask_babel import gettext as _
from sqlalchemy import delete

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.accounts.passkeys import queries, rules
from kroi.accounts.passkeys.models import Passkey, PasskeyChallenge, Purpose
from kroi.accounts.passkeys.rules import Site
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db import bulk
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.web import tokens

_log = logging.getLogger(__name__)


def ask_for_new(user: User, site: Site) -> tuple[str, str]:
    """The question (JSON) for a new key of this user, and its mark."""
    from kroi.accounts.passkeys import ceremonies

    known = [each.credential_id for each in queries.list_of(user.id)]
    if len(known) >= rules.MOST:
        raise Conflict(_("That is enough passkeys. Remove one first."))
    asked, challenge = ceremonies.ask_for_new(site, _handle(user.id), user.email, user.name, known)
    return asked, _remember(challenge, Purpose.REGISTER, user.id)


def ask_to_sign_in(site: Site) -> tuple[str, str]:
    """The question (JSON) for whichever key there is, and its mark."""
    from kroi.accounts.passkeys import ceremonies

    asked, challenge = ceremonies.ask_to_sign_in(site)
    return asked, _remember(challenge, Purpose.SIGN_IN, None)


def add(user: User, name: str, answer: str, mark: str, site: Site) -> Passkey | None:
    """A new key of this user; `None` when the answer is not one to our question."""
    from kroi.accounts.passkeys import ceremonies

    try:
        said = ceremonies.read_new(answer)
        challenge = _answered(ceremonies.challenge_in(said), Purpose.REGISTER, user.id, mark)
        found = ceremonies.verify_new(said, challenge, site)
    except Exception as error:  # what a stranger sent is read by several libraries, each with faults of its own
        _log.warning("passkey refused: %s", type(error).__name__)
        return None
    if queries.lock_by_credential(found.credential_id) is not None:
        return None
    key = Passkey(user_id=user.id, name=name, created_at=clock.now(), **vars(found))
    session.add(key)
    session.flush()
    audit.record("add passkey", "user", user.id, details={"passkey": key.id})
    return key


def recognise(answer: str, mark: str, site: Site) -> int | None:
    """Whose key (user id) answered our question; `None` when it is not one of ours, or not an answer to it."""
    from kroi.accounts.passkeys import ceremonies

    try:
        said = ceremonies.read_proof(answer)
        challenge = _answered(ceremonies.challenge_in(said), Purpose.SIGN_IN, None, mark)
        key = queries.lock_by_credential(ceremonies.key_of(said))
        if key is None or said.response.user_handle not in (None, _handle(key.user_id)):
            return None
        sign_count = ceremonies.verify_proof(
            said, challenge, site, public_key=key.public_key, sign_count=key.sign_count
        )
    except Exception as error:  # as above
        _log.warning("passkey refused: %s", type(error).__name__)
        return None
    key.sign_count, key.used_at = sign_count, clock.now()
    return key.user_id


def rename(key: Passkey, name: str) -> None:
    """Another name."""
    key.name = name


def remove(key: Passkey) -> None:
    """This key opens nothing any more."""
    session.delete(key)
    audit.record("remove passkey", "user", key.user_id, details={"passkey": key.id})


def forget_old() -> None:
    """Questions that nobody answered need not be kept."""
    old = delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < clock.now())
    with transaction():
        session.execute(old.execution_options(synchronize_session=False))


def _remember(challenge: bytes, purpose: Purpose, user_id: int | None) -> str:
    mark = _mark(challenge)
    waits = clock.now() + rules.WAITS
    session.add(PasskeyChallenge(purpose=purpose, user_id=user_id, digest=mark, expires_at=waits))
    return mark


def _answered(challenge: bytes, purpose: Purpose, user_id: int | None, mark: str) -> bytes:
    """The question that was answered, by the browser that was asked; it is used up. Raises LookupError."""
    ours = delete(PasskeyChallenge).where(
        PasskeyChallenge.digest == _mark(challenge),
        PasskeyChallenge.purpose == purpose,
        PasskeyChallenge.user_id == user_id,
        PasskeyChallenge.expires_at > clock.now(),
    )
    used = bulk.count_changed(ours.execution_options(synchronize_session=False))
    if mark != _mark(challenge) or not used:
        raise LookupError("not asked")
    return challenge


def _handle(user_id: int) -> bytes:
    """What a key remembers of its owner: nothing personal, and another at every dealership."""
    return bytes.fromhex(tokens.digest("passkey owner", f"{current_dealership_id()}|{user_id}"))


def _mark(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
