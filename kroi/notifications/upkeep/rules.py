"""Which messages were given up on purpose: nobody needs to look at them, and they are not tried again."""

from kroi.leads.mail.rules.later import CANCELLED, UNWANTED

__all__ = ["CANCELLED", "GIVEN_UP_ON_PURPOSE", "UNWANTED"]
GIVEN_UP_ON_PURPOSE = (CANCELLED, UNWANTED)
