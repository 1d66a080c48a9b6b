"""The questions to passkeys and the reading of their answers, by py_webauthn (W3C Web Authentication, level 3).

Importing the library takes a third of a second, so only whoever asks or answers does it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers import parse_authentication_credential_json as parse_assertion
from webauthn.helpers import parse_registration_credential_json as parse_attestation
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from kroi.accounts.passkeys.rules import Site

_VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True)
class NewKey:
    """What is kept of a new key."""

    credential_id: str
    public_key: str
    sign_count: int


def ask_for_new(site: Site, handle: bytes, email: str, name: str, known: Iterable[str]) -> tuple[str, bytes]:
    """The question (JSON) for a new key, and what makes it another each time. `known`: keys that are here."""
    asked = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=handle,
        user_name=email,
        user_display_name=name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
    )
    return webauthn.options_to_json(asked), asked.challenge


def ask_to_sign_in(site: Site) -> tuple[str, bytes]:
    """The question (JSON) for whichever key there is, and what makes it another each time."""
    asked = webauthn.generate_authentication_options(rp_id=site.host, user_verification=_VERIFIED)
    return webauthn.options_to_json(asked), asked.challenge


def read_new(answer: str) -> RegistrationCredential:
    """What somebody sent as a new key; raises whatever the library does."""
    return parse_attestation(answer)


def read_proof(answer: str) -> AuthenticationCredential:
    """What somebody sent as the word of a key; raises whatever the library does."""
    return parse_assertion(answer)


def challenge_in(said: RegistrationCredential | AuthenticationCredential) -> bytes:
    """Which question this answers."""
    return parse_client_data_json(said.response.client_data_json).challenge


def key_of(said: AuthenticationCredential) -> str:
    """Which key speaks."""
    return bytes_to_base64url(said.raw_id)


def verify_new(said: RegistrationCredential, challenge: bytes, site: Site) -> NewKey:
    """The new key, once all of it holds; raises whatever the library does."""
    found = webauthn.verify_registration_response(
        credential=said,
        expected_challenge=challenge,
        expected_rp_id=site.host,
        expected_origin=site.origin,
        require_user_verification=True,
    )
    return NewKey(
        bytes_to_base64url(found.credential_id), bytes_to_base64url(found.credential_public_key), found.sign_count
    )


def verify_proof(
    said: AuthenticationCredential, challenge: bytes, site: Site, *, public_key: str, sign_count: int
) -> int:
    """How often the key has signed now, once all of it holds; raises whatever the library does."""
    found = webauthn.verify_authentication_response(
        credential=said,
        expected_challenge=challenge,
        expected_rp_id=site.host,
        expected_origin=site.origin,
        credential_public_key=base64url_to_bytes(public_key),
        credential_current_sign_count=sign_count,
        require_user_verification=True,
    )
    return found.new_sign_count
