"""WSGI: notes each page that a person loaded. Costs two microseconds; the database is somebody else's second."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]
_MOST_AGENT = 300  # characters of a user agent that we look at


class Counting:
    """Wraps an app; `note` gets a `Sight` (as a bare tuple) for every page load, `staff_cookie` is what staff carry."""

    def __init__(self, app: Wsgi, note: Callable[[tuple[str, ...]], None], staff_cookie: str) -> None:
        self._app = app
        self._note = note
        self._cookie = staff_cookie + "="
        self._is_staff = re.compile(rf"(?:^|;\s*){re.escape(self._cookie)}").search

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Let the app answer, and look at the answer's first line on its way out."""
        get = environ.get
        cookies = get("HTTP_COOKIE")
        if (
            environ["REQUEST_METHOD"] != "GET"
            or get("HTTP_HX_REQUEST_TYPE") == "partial"
            or (cookies and self._cookie in cookies and self._is_staff(cookies))
            or "prefetch" in (get("HTTP_SEC_PURPOSE") or get("HTTP_PURPOSE") or get("HTTP_X_MOZ") or "")
        ):
            return self._app(environ, start_response)
        # Now, not when it is answered: what answers may rewrite them.
        path, address = get("PATH_INFO", "/"), get("REMOTE_ADDR", "")

        def counted(status: str, headers: Headers, *more: Any) -> Any:
            # 304: a page seen before is looked at again.
            if (status.startswith("200") and _is_html(headers)) or status.startswith("304"):
                self._note((get("HTTP_HOST", ""), path, address, get("HTTP_USER_AGENT", "")[:_MOST_AGENT]))
            return start_response(status, headers, *more)

        return self._app(environ, counted)


def _is_html(headers: Headers) -> bool:
    for name, value in headers:
        if len(name) == 12 and name.lower() == "content-type":
            return value.startswith("text/html")
    return False
