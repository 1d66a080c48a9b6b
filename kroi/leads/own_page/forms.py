"""What a shopper types on their own page."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from kroi.web.forms import Form


class WriteForm(Form):
    """One more message."""

    message = TextAreaField(
        _l("Write to us"),
        [
            DataRequired(_l("Write your message first")),
            Length(max=4000, message=_l("The message is too long: at most 4,000 characters")),
        ],
        id="own-message",
    )
