"""The worker's command."""

import logging
import signal
from collections.abc import Mapping, Sequence

import click
from flask import current_app
from flask.cli import with_appcontext

from kroi.notifications.delivery.carriers import carrier_for
from kroi.notifications.delivery.service import Post
from kroi.notifications.worker.rules import MARK, Chore
from kroi.notifications.worker.service import Worker
from kroi.web.settings import settings


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mails and do the chores, until told to stop (SIGTERM or Ctrl-C).

    Example: flask worker
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    found = Worker(post_for_settings(), chores(), settings().instance / MARK)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: found.stop())
    click.echo("The worker is at work.")
    found.run()
    click.echo("The worker has stopped.")


def post_for_settings() -> Post:
    """How this installation sends mail."""
    ours = settings()
    return Post(carrier_for(ours.smtp_url, ours.instance / "mail"), render, ours.public_url, ours.webhooks_private)


def chores() -> Sequence[Chore]:
    """What the factory says comes round."""
    found: Sequence[Chore] = current_app.extensions["kroi.chores"]
    return found


def render(template: str, context: Mapping[str, object]) -> str:
    """A mail's text. No request stands behind it, so no page's context joins it."""
    return current_app.jinja_env.get_template(template).render(context)
