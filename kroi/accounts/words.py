"""What is said of staff on screen: roles, languages, weak passwords."""

from flask_babel import lazy_gettext as _l

from kroi.accounts.models import Role
from kroi.accounts.rules import LEAST, MOST, Weakness
from kroi.web import place

ROLES = {Role.SALES: _l("Sales"), Role.MANAGER: _l("Manager"), Role.OWNER: _l("Owner")}
LANGUAGES = place.NAMES  # every text of the portal is translated to all of them
WEAKNESSES = {
    Weakness.SHORT: _l("Use %(least)s characters or more.", least=LEAST),
    Weakness.LONG: _l("Use %(most)s characters or fewer.", most=MOST),
    Weakness.COMMON: _l("Many people use this password, so it is guessed first. Choose another."),
    Weakness.OWN_NAME: _l("This is your name or e-mail. Choose something that nobody guesses."),
}
