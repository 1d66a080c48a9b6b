"""Where events go, as owners type it."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from kroi.notifications.webhooks import rules
from kroi.notifications.webhooks.words import EVENTS, REFUSALS
from kroi.web.forms import Form, SelectChoice
from kroi.web.settings import settings


class WebhookForm(Form):
    """An address and what it hears of."""

    url = StringField(_l("Address"), [DataRequired(_l("Give an address."))], id="webhook-url")
    events = SelectMultipleField(
        _l("Tell it when"),
        [DataRequired(_l("Choose one at least."))],
        id="webhook-events",
        choices=[SelectChoice(event.value, words) for event, words in EVENTS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    personal = BooleanField(_l("Send name, e-mail and phone too"), id="webhook-personal")

    def validate_url(self, field: StringField) -> None:
        """Somewhere on the open internet, unless the installation allows more."""
        refused = rules.refusal(field.data or "", private=settings().webhooks_private)
        if refused:
            raise ValidationError(REFUSALS[refused])
