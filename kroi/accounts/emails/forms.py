"""Another address, as typed."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField
from wtforms.validators import DataRequired, Length

from kroi.accounts.forms import is_address
from kroi.web.forms import Form


class EmailForm(Form):
    """The new address."""

    email = EmailField(_l("New e-mail"), [DataRequired(_l("Type an e-mail address.")), Length(max=254), is_address])
