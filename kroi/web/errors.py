"""Refusals and failures as pages, as notices when htmx asked, as problems when a machine did."""

import logging
import secrets
import traceback
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, TimeoutError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from kroi.core.errors import Refusal, TooMany
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import find_dealership_id
from kroi.web import problems
from kroi.web.htmx import is_htmx

_log = logging.getLogger(__name__)
_MOST_WORDS, _MOST_SHOWN = 200, 80  # characters of an address's last part
Suggest = Callable[[str], Sequence[object]]


def install(app: Flask, suggest: Suggest) -> None:
    """Show every error of `app` in words. `suggest` guesses what a wrong or former address meant."""
    app.extensions["kroi.suggest"] = suggest
    app.before_request(_correct_address)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)


def _correct_address() -> Response | None:
    """A missing or doubled slash, put right without the host, which is whatever a visitor sent."""
    wrong = request.routing_exception
    if not isinstance(wrong, RequestRedirect):
        return None
    parts = urlsplit(wrong.new_url)
    path = "/" + parts.path.lstrip("/")
    return make_response(redirect(f"{path}?{parts.query}" if parts.query else path, code=wrong.code))


def _refused(refusal: Refusal) -> Response:
    response = _answer(refusal.status, refusal.sentence)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    response = _answer(error.code or 500, _sentence(error.code or 500))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _failed(error: Exception) -> Response:
    session.rollback()
    if isinstance(error, TimeoutError) or (isinstance(error, DBAPIError) and dialects.will_pass(error)):
        _log.error("no answer from the database: %s", type(error).__name__)
        g.records_away = True
        response = _answer(503, _("We cannot reach our records right now. Please try again in a moment."))
        response.headers["Retry-After"] = "5"
        return response
    reference = secrets.token_hex(4)
    # Without the exception's own text: it may hold what a person typed.
    trace = "".join(traceback.format_tb(error.__traceback__))
    _log.error("failed, reference %s: %s\n%s", reference, type(error).__name__, trace)
    return _answer(500, _("Something broke on our side. We have been told."), reference=reference)


def _sentence(status: int) -> str:
    sentences = {
        400: _("We could not understand this request."),
        404: _("The car may have been sold, or the address has a typing error."),
        405: _("This address cannot be used that way."),
        413: _("That is too large to send."),
    }
    return str(sentences.get(status) or _("This did not work."))


def _answer(status: int, sentence: str, reference: str | None = None) -> Response:
    if problems.wanted():
        return problems.problem(status, sentence, reference=reference)
    if find_dealership_id() is None:  # no house to show the page in: an unknown host, or no database
        return Response(f"{sentence}\n", status, mimetype="text/plain")
    if is_htmx():
        response = make_response(render_template("components/_refusal.html", sentence=sentence), status)
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    words = request.path.rsplit("/", 1)[-1].replace("-", " ")[:_MOST_WORDS]
    page = "errors/404.html" if status in (404, 410) else "errors/error.html"
    guesses: Sequence[object] = ()
    if status in (404, 410) and not request.path.startswith("/staff"):
        guesses = current_app.extensions["kroi.suggest"](words)
    return make_response(
        render_template(
            page,
            status=status,
            sentence=sentence,
            reference=reference,
            words=words[:_MOST_SHOWN] if status == 404 else "",
            guesses=guesses,
        ),
        status,
    )
