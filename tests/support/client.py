"""A browser without a window: it says where a request comes from, and reads every page like a critic."""

import contextvars
import traceback
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kroi.db.model import session
from tests.support import html

SAFE = {"GET", "HEAD", "OPTIONS"}


class Client(FlaskClient):
    """Each request runs in a context of its own, as on a server; POSTs say that they come from our own page."""

    host = "a.test"

    def open(self, *args: Any, check: bool = True, own: bool = True, **kwargs: Any) -> TestResponse:
        """One request. `check=False`: a page that is bad on purpose; `own=False`: `headers` say where it comes from."""
        kwargs.setdefault("base_url", f"http://{self.host}")
        headers = dict(kwargs.pop("headers", None) or {})
        if own and kwargs.get("method", "GET") not in SAFE:
            headers.setdefault("Sec-Fetch-Site", "same-origin")
        response = contextvars.Context().run(super().open, *args, headers=headers, **kwargs)
        session.rollback()
        session.expire_all()  # what the request changed is seen by the test
        if check and response.mimetype == "text/html" and response.status_code != 304:
            assert html.faults(response.text) == [], f"{response.request.path}: faults of the page"
        return response


def visitor(app: Flask) -> Client:
    """A browser that nobody has used yet, at dealership A."""
    found = app.test_client()
    assert isinstance(found, Client)
    return found


def show_failures(app: Flask) -> None:
    """Print what made a page answer 500: the log keeps it short, for it may hold what a person typed."""
    handlers = app.error_handler_spec[None][None]
    answer = handlers[Exception]

    def failed(error: Exception) -> Any:
        traceback.print_exception(error)
        return answer(error)

    handlers[Exception] = failed
