"""What the inbox's choices are called."""

from flask_babel import lazy_gettext as _l

AGES = {1: _l("since yesterday"), 7: _l("7 days"), 30: _l("30 days")}
"""How old a lead may be, by days."""
