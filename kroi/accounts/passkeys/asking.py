"""Questions to passkeys as this request asks them: for which site, and by which browser they may be answered."""

import flask
from flask import Response, g, request

from kroi.accounts.passkeys.rules import MOST_ANSWER, Site
from kroi.dealerships.rules import bare_host

_NAME = "passkey"


def site() -> Site:
    """The site under which this page was asked for."""
    return Site(bare_host(request.host), f"{request.scheme}://{request.host}", g.profile.name)


def asked(question: tuple[str, str]) -> Response:
    """The question as JSON; this browser remembers its mark."""
    flask.session[_NAME] = question[1]
    return Response(question[0], mimetype="application/json")


def mark() -> str:
    """The mark of the question that this browser was asked last; it is forgotten."""
    return str(flask.session.pop(_NAME, ""))


def answer() -> str:
    """What the key said, as the page sent it."""
    return request.form.get("credential", "")[:MOST_ANSWER]
