"""Asking passkeys, and judging what they answer. The arithmetic is py_webauthn's (W3C Web Authentication, level 3)."""

import hashlib
import logging
from dataclasses import dataclass

import webauthn
from flask_babel import gettext as _
from sqlalchemy import delete
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers import parse_authentication_credential_json as parse_assertion
from webauthn.helpers import parse_registration_credential_json as parse_attestation
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kroi.accounts import audit
from kroi.accounts.models import User
from kroi.accounts.passkeys import queries, rules
from kroi.accounts.passkeys.models import Passkey, PasskeyChallenge, Purpose
from kroi.core import clock
from kroi.core.errors import Conflict
from kroi.db import bulk
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.web import tokens

_log = logging.getLogger(__name__)
_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True)
class Site:
    """For whom keys are made and asked: the host name, the whole origin of the page, and the house's name."""

    host: str
    origin: str
    name: str


def ask_for_new(user: User, site: Site) -> tuple[str, str]:
    """The question (JSON) for a new key of this user, and its mark."""
    known = [_descriptor(each) for each in queries.list_of(user.id)]
    if len(known) >= rules.MOST:
        raise Conflict(_("That is enough passkeys. Remove one first."))
    asked = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=_handle(user.id),
        user_name=user.email,
        user_display_name=user.name,
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
    )
    return webauthn.options_to_json(asked), _remember(asked.challenge, Purpose.REGISTER, user.id)


def ask_to_sign_in(site: Site) -> tuple[str, str]:
    """The question (JSON) for whichever key there is, and its mark."""
    asked = webauthn.generate_authentication_options(rp_id=site.host, user_verification=_VERIFIED)
    return webauthn.options_to_json(asked), _remember(asked.challenge, Purpose.SIGN_IN, None)


def add(user: User, name: str, answer: str, mark: str, site: Site) -> Passkey | None:
    """A new key of this user; `None` when the answer is not one to our question."""
    try:
        said = parse_attestation(answer)
        challenge = _answered(said.response.client_data_json, Purpose.REGISTER, user.id, mark)
        found = webauthn.verify_registration_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:  # what a stranger sent is read by several libraries, each with faults of its own
        _log.warning("passkey refused: %s", type(error).__name__)
        return None
    credential = bytes_to_base64url(found.credential_id)
    if queries.lock_by_credential(credential) is not None:
        return None
    key = Passkey(
        user_id=user.id,
        name=name,
        credential_id=credential,
        public_key=bytes_to_base64url(found.credential_public_key),
        sign_count=found.sign_count,
        created_at=clock.now(),
    )
    session.add(key)
    session.flush()
    audit.record("add passkey", "user", user.id, details={"passkey": key.id})
    return key


def recognise(answer: str, mark: str, site: Site) -> int | None:
    """Whose key (user id) answered our question; `None` when it is not one of ours, or not an answer to it."""
    try:
        said = parse_assertion(answer)
        challenge = _answered(said.response.client_data_json, Purpose.SIGN_IN, None, mark)
        key = queries.lock_by_credential(bytes_to_base64url(said.raw_id))
        if key is None or said.response.user_handle not in (None, _handle(key.user_id)):
            return None
        found = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        _log.warning("passkey refused: %s", type(error).__name__)
        return None
    key.sign_count, key.used_at = found.new_sign_count, clock.now()
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


def _answered(client_data: bytes, purpose: Purpose, user_id: int | None, mark: str) -> bytes:
    """The question that was answered, by the browser that was asked; it is used up. Raises LookupError."""
    challenge = parse_client_data_json(client_data).challenge
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


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id))


def _handle(user_id: int) -> bytes:
    """What a key remembers of its owner: nothing personal, and another at every dealership."""
    return bytes.fromhex(tokens.digest("passkey owner", f"{current_dealership_id()}|{user_id}"))


def _mark(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
