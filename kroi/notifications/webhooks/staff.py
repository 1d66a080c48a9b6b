"""Where owners say which other programs hear of events."""

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow
from kroi.core.errors import Invalid
from kroi.db.transaction import transaction
from kroi.notifications.models import Webhook
from kroi.notifications.webhooks import queries, service
from kroi.notifications.webhooks.forms import WebhookForm
from kroi.notifications.webhooks.words import EVENTS
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("webhooks", __name__, url_prefix="/staff/settings/webhooks")


@staff.get("/")
@allow(Permission.MANAGE_SETTINGS)
def webhooks() -> Response:
    """All of them, and a form for another."""
    return _webhooks(WebhookForm())


@staff.post("/")
@allow(Permission.MANAGE_SETTINGS)
def add() -> Response:
    """Another one; its secret is shown once."""
    form = WebhookForm.submitted()
    if not form.validate():
        return _webhooks(form, status=422)
    with transaction():
        added = service.add(form.url.data or "", form.events.data or [], personal=bool(form.personal.data))
    return _secret(added)


@staff.post("/<int:webhook_id>")
@allow(Permission.MANAGE_SETTINGS)
def change(webhook_id: int) -> Response:
    """Switch one off or on, give it another secret, or remove it (`do`)."""
    do = typed(request.form, "do")
    if do not in ("on", "off", "renew", "remove"):
        raise Invalid(_("Choose what to do."))
    with transaction():
        found = queries.lock(webhook_id)
        if do == "remove":
            service.remove(found)
        elif do == "renew":
            service.renew(found)
        else:
            service.switch(found, on=do == "on")
    if do == "renew":
        return _secret(found)
    flash(_("Saved."))
    return see(url_for("webhooks.webhooks"))


def _webhooks(form: WebhookForm, status: int = 200) -> Response:
    found = queries.list_webhooks()
    return show("notifications/webhooks.html", status=status, webhooks=found, form=form, events=EVENTS)


def _secret(found: Webhook) -> Response:
    return show("notifications/webhook_secret.html", webhook=found, secret=service.secret_of(found))
