"""What people may type at the door, about themselves, and about the staff."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length

from kroi.accounts import rules, words
from kroi.accounts.models import Role, User
from kroi.web.forms import Form, SelectChoice

_ROLES = [SelectChoice(role.value, word) for role, word in words.ROLES.items()]
_LANGUAGES = [SelectChoice(code, name) for code, name in words.LANGUAGES.items()]


def is_address(_form: Form, field: EmailField) -> None:
    """What was typed must look like an address."""
    if not rules.is_email(field.data or ""):
        raise ValidationError(_l("This is not an e-mail address, such as ana@example.com."))


class SignInForm(Form):
    """Who, and the password; `next` is where they were going."""

    email = EmailField(_l("E-mail"), [DataRequired(_l("Type your e-mail.")), Length(max=254)])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password."))])
    next = HiddenField()


class CodeForm(Form):
    """A code of the second step, or a recovery code."""

    code = StringField(_l("Code"), [DataRequired(_l("Type the code.")), Length(max=40)])


class ProofForm(Form):
    """Who one is, once more; `code` where there is a second step, `next` is where they were going."""

    password = PasswordField(_l("Password"), [InputRequired(_l("Type your password."))])
    code = StringField(_l("Code"), [Length(max=40)])
    next = HiddenField()


class PasskeyForm(Form):
    """What a passkey is called."""

    name = StringField(_l("Name"), [DataRequired(_l("Type a name.")), Length(max=60)], default="")


class LetterForm(Form):
    """An address that a letter shall go to."""

    email = EmailField(_l("E-mail"), [DataRequired(_l("Type your e-mail.")), Length(max=254)])


class HireForm(Form):
    """Somebody new."""

    name = StringField(_l("Name"), [DataRequired(_l("Type a name.")), Length(max=120)])
    email = EmailField(_l("E-mail"), [DataRequired(_l("Type an e-mail address.")), Length(max=254), is_address])
    role = SelectField(_l("Role"), choices=_ROLES, default=Role.SALES.value)

    def chosen_role(self) -> Role:
        """The role as the business knows it."""
        return Role(self.role.data)


class RoleForm(Form):
    """Another role."""

    role = SelectField(_l("Role"), choices=_ROLES)

    def chosen_role(self) -> Role:
        """The role as the business knows it."""
        return Role(self.role.data)


class ProfileForm(Form):
    """What somebody is called, and the language of their portal where there is a choice."""

    name = StringField(_l("Name"), [DataRequired(_l("Type a name.")), Length(max=120)])
    language = SelectField(_l("Language"), choices=_LANGUAGES, default="en")


class NewPasswordForm(Form):
    """A new password for somebody."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Type a new password."))])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def validate_password(self, field: PasswordField) -> None:
        """It must be good enough."""
        found = rules.weakness(field.data or "", email=self._user.email, name=self._user.name)
        if found:
            raise ValidationError(words.WEAKNESSES[found])


class OwnPasswordForm(NewPasswordForm):
    """A new password of one's own."""

    current = PasswordField(_l("Current password"), [InputRequired(_l("Type your current password."))])
