"""What webhooks' events are called on screen."""

from flask_babel import lazy_gettext as _l

from kroi.notifications.rules import HookEvent

EVENTS = {
    HookEvent.LEAD_RECEIVED: _l("A lead comes in"),
    HookEvent.LEAD_ASSIGNED: _l("A lead is given to somebody"),
    HookEvent.LEAD_MOVED: _l("A lead moves on"),
    HookEvent.LEAD_WROTE_BACK: _l("Somebody writes back"),
    HookEvent.LEAD_LATE: _l("The time to answer runs out"),
    HookEvent.LEAD_RETURNED: _l("A lead is taken back"),
}
REFUSALS = {
    "malformed": _l("This is not an address that a webhook can have."),
    "scheme": _l("The address begins with https://."),
    "port": _l("Only ports 443 and 8443 can be used."),
    "private": _l("This address is not on the open internet."),
}
