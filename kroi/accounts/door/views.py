"""Who knocks, as the request says: the address, the account that was typed, and the device's own cookie.

The cookie lists (as digests) the accounts that this device was let into. It opens nothing; it only gives the device a
count of its own.
"""

from flask import Response, request
from flask_babel import gettext as _

from kroi.accounts.door import rules, service
from kroi.accounts.door.rules import Knock
from kroi.accounts.models import SignInAttempt
from kroi.core.errors import TooMany
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.web import tokens
from kroi.web.settings import settings


def knock(email: str) -> Knock:
    """This request at the door of the account with that address."""
    account = _account(email)
    address = _digest("address", rules.neighbourhood(request.remote_addr or ""))
    return Knock(address=address, account=account, known_device=account in _known())


def count(email: str) -> SignInAttempt:
    """One more try at this account, as at the door; raises TooMany."""
    with transaction():
        attempt = service.count(knock(email))
    if attempt is None:
        raise TooMany(_("Too many tries. Wait a quarter of an hour."), retry_after=int(rules.WINDOW.total_seconds()))
    return attempt


def knock_for_letter(email: str, *, per_account: int, per_address: int) -> Knock:
    """This request for a letter to that address: counted by itself, so that it locks nobody out."""
    return Knock(
        address=_digest("letters from", rules.neighbourhood(request.remote_addr or "")),
        account=_digest("letters to", email.strip().lower()),
        per_account=per_account,
        per_address=per_address,
    )


def knock_for_question(most: int) -> Knock:
    """This request for a question to a passkey: at most so many from one address."""
    here = _digest("questions to", rules.neighbourhood(request.remote_addr or ""))
    return Knock(address=here, account=here, per_account=most, per_address=most)


def remember_device(response: Response, email: str) -> None:
    """From now on this device is known to the account."""
    known = list(dict.fromkeys((_account(email), *_known())))[: rules.ACCOUNTS_PER_DEVICE]
    response.set_cookie(
        _cookie(),
        tokens.make("device", known),
        max_age=rules.DEVICE_LASTS,
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def _known() -> list[str]:
    said = tokens.read("device", request.cookies.get(_cookie(), ""), max_age=rules.DEVICE_LASTS)
    return [each for each in said if isinstance(each, str)] if isinstance(said, list) else []


def _cookie() -> str:
    return "__Host-kroi_device" if settings().secure_cookies else "kroi_device"


def _account(email: str) -> str:
    return _digest("account", email.strip().lower())


def _digest(kind: str, value: str) -> str:
    return rules.digest(settings().secret_key, kind, current_dealership_id(), value)
