"""Which messages were given up on purpose: nobody needs to look at them, and they are not tried again."""

CANCELLED = "cancelled"
UNWANTED = "not wanted any more"
GIVEN_UP_ON_PURPOSE = (CANCELLED, UNWANTED)
