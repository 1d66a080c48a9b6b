"""Addresses: the dealership's own language has no prefix, the others have one; staff and machine pages have none."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import current_app, request
from werkzeug.routing import IntegerConverter, MapAdapter

from kroi.core.sites import site_of
from kroi.web import place
from kroi.web.place import LANGUAGES
from kroi.web.settings import settings

NEUTRAL = ("/staff", "/media", "/api", "/metrics", "/static", "/robots.txt", "/sitemap", "/favicon.ico")
_PATH_MARKS = "/:@!$&'()*+,;=~"  # what a path may hold as it is (RFC 3986)
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]


class LanguagePrefix:
    """WSGI: `/sv/cars/` is `/cars/` spoken in Swedish; the prefix moves into SCRIPT_NAME."""

    def __init__(self, app: Wsgi) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Move the prefix, if there is one."""
        language, path = split_language(environ.get("PATH_INFO", ""))
        if language:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + language
            environ["PATH_INFO"] = path
        return self.app(environ, start_response)


def split_language(path: str) -> tuple[str, str]:
    """The language that a path names, or nothing, and the path without it."""
    first = path[1:].split("/", 1)[0]
    if first in LANGUAGES and not path[len(first) + 1 :].startswith(NEUTRAL):
        return first, path[len(first) + 1 :] or "/"
    return "", path


class Number(IntegerConverter):
    """`<int:…>` in a rule: a number that a database key can be, so that a longer one is no page instead of an error."""

    regex = r"[0-9]{1,18}"


def asked_language() -> str | None:
    """The language that the address of this request names."""
    return request.script_root.removeprefix("/") or None


def url_for(endpoint: str, *, language: str | None = None, **values: object) -> str:
    """The path of a page in the language being spoken, or in `language`. `.name` is relative to the blueprint."""
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint}{endpoint}"
    anchor = values.pop("_anchor", None)
    path = _adapter().build(endpoint, {name: value for name, value in values.items() if value is not None})
    path = path if path.startswith(NEUTRAL) else prefix_of(language) + path
    return f"{path}#{anchor}" if anchor else path


def public_url(path: str) -> str:
    """The whole address for mails, sitemaps and feeds: PUBLIC_URL, never the Host that a visitor sent.

    A dealership with a host name of its own has its pages there, and nowhere else.
    """
    return site_of(settings().public_url, place.current().host) + path


def local_path(target: str | None) -> str | None:
    """`target` if it is a path of ours, safe to redirect to; otherwise `None`."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    return target if target.isprintable() and "\\" not in target else None


def this_address() -> str:
    """Path and query of this request, language prefix included.

    The path is escaped again: a browser drops a tab or line end from an address, and `/\\t/evil.com` is another site.
    """
    query = request.query_string.decode("ascii", "replace")
    return request.script_root + quote(request.path, safe=_PATH_MARKS) + (f"?{query}" if query else "")


def in_language(address: str, language: str) -> str:
    """The same page in another language: `address` is one of ours, whole or a path, and keeps what it asks for."""
    root = public_url("") if address.startswith(public_url("/")) else ""
    _language, path = split_language(address.removeprefix(root))
    return root + prefix_of(language) + path


def prefix_of(language: str | None) -> str:
    """What stands before a path in `language`, by default the one being spoken: nothing for the dealership's own."""
    here = place.current()
    language = language or here.language
    return "" if language == here.own else f"/{language}"


def _adapter() -> MapAdapter:
    found: MapAdapter | None = current_app.extensions.get("kroi.urls")
    if found is None:
        found = current_app.extensions["kroi.urls"] = current_app.url_map.bind("localhost")
    return found
