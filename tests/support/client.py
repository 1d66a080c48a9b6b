"""A browser without a window: it says where a request comes from, and reads every page like a critic."""

import contextvars
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kroi.db.model import session
from tests.support import html

SAFE = {"GET", "HEAD", "OPTIONS"}


class Client(FlaskClient):
    """Each request runs in a context of its own, as on a server; POSTs say that they come from our own page."""

    host = "a.test"

    def open(self, *args: Any, check: bool = True, **kwargs: Any) -> TestResponse:
        """One request; `check=False` for a page that is bad on purpose."""
        kwargs.setdefault("base_url", f"http://{self.host}")
        headers = dict(kwargs.pop("headers", None) or {})
        if kwargs.get("method", "GET") not in SAFE:
            headers.setdefault("Sec-Fetch-Site", "same-origin")
        response = contextvars.Context().run(super().open, *args, headers=headers, **kwargs)
        session.rollback()
        session.expire_all()  # what the request changed is seen by the test
        if check and response.mimetype == "text/html" and response.status_code != 304:
            assert html.faults(response.text) == [], f"{response.request.path}: faults of the page"
        return response
