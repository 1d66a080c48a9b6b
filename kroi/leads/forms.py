"""What a shopper types to ask, and the signed ticket that each form carries."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import email_validator
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, RadioField, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from kroi.core import clock
from kroi.db.tenancy import current_dealership_id
from kroi.leads.rules import Campaign, InquiryDraft, Interest, OwnPhoto, lines
from kroi.leads.wishes.forms import WishFields
from kroi.leads.words import INTERESTS
from kroi.web import tokens
from kroi.web.forms import Form

_PURPOSE = "inquiry"
_PHONE = re.compile(r"[\d\s()+./\u2010-\u2015-]+")
_LEAST_DIGITS = 5


@dataclass(frozen=True)
class Ticket:
    """What a form knows about itself: when it was made, which privacy text it showed, what brought the visitor."""

    nonce: str
    made_at: datetime
    privacy_version: str
    campaign: Campaign

    @classmethod
    def new(cls, privacy_version: str, campaign: Campaign) -> Self:
        """A ticket for a form that is shown now."""
        return cls(secrets.token_urlsafe(16), clock.now(), privacy_version, campaign)

    @classmethod
    def read(cls, words: str) -> Self | None:
        """The ticket behind a `submission` field, or `None` when we did not make it, or made it for another host."""
        data = tokens.read(_PURPOSE, words)
        if data is None or data["d"] != current_dealership_id():
            return None
        made_at = datetime.fromtimestamp(data["t"] / 1000, UTC)
        return cls(data["n"], made_at, data["p"], Campaign(*data["c"]))

    def signed(self) -> str:
        """The `submission` field. Never expires: a form left open overnight is still answered."""
        came = self.campaign
        return tokens.make(
            _PURPOSE,
            {
                "d": current_dealership_id(),
                "n": self.nonce,
                "t": int(self.made_at.timestamp() * 1000),
                "p": self.privacy_version,
                "c": [came.source, came.medium, came.name, came.referrer_host],
            },
        )


def check_email(form: Form, field: EmailField) -> None:
    """Raises ValidationError for what is no e-mail address."""
    typed = field.data or ""
    before, at, after = typed.rpartition("@")
    if not at:
        raise ValidationError(_("The e-mail needs an @ sign"))
    if not before or not after:
        raise ValidationError(_("The e-mail needs something on both sides of the @ sign"))
    try:
        email_validator.validate_email(typed, check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError:
        raise ValidationError(_("This e-mail address has a typing error, check it once more")) from None


def check_phone(form: Form, field: TelField) -> None:
    """Raises ValidationError for what is no phone number."""
    typed = lines.one_line(field.data or "")
    if not _PHONE.fullmatch(typed):
        raise ValidationError(_("A phone number has digits, spaces and + - ( ) only"))
    if sum(mark.isdigit() for mark in typed) < _LEAST_DIGITS:
        raise ValidationError(_("The phone number is too short"))


def _interest(form: Form, field: RadioField) -> None:
    if field.data not in list(Interest):
        raise ValidationError(_("Choose one of these"))


class InquiryForm(WishFields, Form):
    """One question, about a car or not. A name, and an address or a number to answer to, are all it needs."""

    interest = RadioField(
        _l("What would you like?"),
        [_interest],
        default=Interest.QUESTION.value,
        validate_choice=False,
        id="ask-interest",
    )
    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Tell us your name")),
            Length(max=120, message=_l("The name is too long: at most 120 characters")),
        ],
        id="ask-name",
    )
    email = EmailField(
        _l("E-mail"),
        [Optional(), Length(max=254, message=_l("The e-mail is too long: at most 254 characters")), check_email],
        id="ask-email",
    )
    phone = TelField(
        _l("Phone"),
        [
            Optional(),
            Length(max=40, message=_l("The phone number is too long: at most 40 characters")),
            check_phone,
        ],
        id="ask-phone",
    )
    message = TextAreaField(
        _l("Message"),
        [Length(max=4000, message=_l("The message is too long: at most 4,000 characters"))],
        id="ask-message",
    )
    marketing = BooleanField(_l("Send me offers by e-mail"), id="ask-marketing")
    website = StringField(id="ask-website")
    submission = HiddenField(id="ask-submission")

    def offering(self, interests: Sequence[Interest]) -> Self:
        """Show these choices, and the chosen one if it is another."""
        chosen = [Interest(self.interest.data)] if self.interest.data in list(Interest) else []
        shown = dict.fromkeys([*interests, *chosen])
        self.interest.choices = [(each.value, INTERESTS[each]) for each in shown]
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Every field by itself, and one way to answer."""
        fine = bool(super().validate(extra_validators))
        if self.interest.data == Interest.CALL_BACK and not self.phone.data:
            self.phone.errors = [_("Give a phone number, so that we can call you")]
            return False
        if not self.email.data and not self.phone.data:
            self.email.errors = [_("Give an e-mail address or a phone number, so that we can answer")]
            return False
        if not lines.one_line(self.name.data or "") and not self.name.errors:
            self.name.errors = [_("Tell us your name")]
            return False
        return fine

    def draft(self, photos: tuple[OwnPhoto, ...] = ()) -> InquiryDraft:
        """What was typed, cleaned of what no name, address, number or message holds, with photos that came along."""
        return InquiryDraft(
            name=lines.one_line(self.name.data or ""),
            email=normalised(self.email.data),
            phone=lines.one_line(self.phone.data or "") or None,
            message=lines.many_lines(self.message.data or ""),
            interest=Interest(self.interest.data),
            marketing=bool(self.marketing.data),
            trap=self.website.data or "",
            wish=self.wish(photos),
        )


def normalised(email: str | None) -> str | None:
    """A checked address as it is written down."""
    if not email:
        return None
    found = email_validator.validate_email(email, check_deliverability=False, test_environment=True)
    return str(found.normalized)
