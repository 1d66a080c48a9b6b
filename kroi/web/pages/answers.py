"""A page on its way out: the coding that the browser reads, 304 for who has it already, no body for HEAD."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from kroi.web import delivery
from kroi.web.headers import HEADERS
from kroi.web.pages.shelves import Headers, Page, Text
from kroi.web.urls import Environ, Wsgi

StartResponse = Callable[[str, Headers], object]
# Date is the server's to say: with ours of hours ago, a CDN would take every kept page for an old one.
_SAID_LATER = {"content-length", "content-encoding", "date"}
# By the browser, with the page: a 304 need not say them again.
_STORED = {"content-type", *(name.lower() for name in HEADERS)}
_KEYED = {"accept-encoding", "hx-request-type"}  # what may stand in Vary: it is in the key


class Made:
    """What the app answered, whole."""

    def __init__(self, app: Wsgi, environ: Environ) -> None:
        self.status, self.headers = "", Headers()
        answer = app(environ, self._start)
        try:
            self.body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        self._values = {name.lower(): value for name, value in self.headers}

    def _start(self, status: str, headers: Headers, *more: Any) -> None:
        self.status, self.headers = status, headers

    def value(self, name: str) -> str:
        """One header; empty without it."""
        return self._values.get(name, "")

    def may_be_kept(self) -> bool:
        """Is it a page for everybody? Whatever looks personal or depends on more than the key is not."""
        told = {word.strip().lower() for word in self.value("vary").split(",") if word.strip()}
        control = self.value("cache-control")
        return (
            self.status.startswith("200")
            and bool(self.value("etag"))
            and control.startswith("public")
            and "set-cookie" not in self._values
            and told <= _KEYED
        )

    def page(self, dealership_id: int, car_ids: frozenset[int] | None, since: datetime, until: datetime) -> Page:
        """It as a page, to be kept or only to be sent."""
        headers = [(name, value) for name, value in self.headers if name.lower() not in _SAID_LATER]
        unchanged = [(name, value) for name, value in headers if name.lower() not in _STORED]
        tag = self.value("etag").removeprefix("W/")
        page = Page(dealership_id, self.status, tag, car_ids, since, until, headers, unchanged)
        page.texts = {"": _headed(page, self.body, "")}
        return page


def send(page: Page, environ: Environ, start_response: StartResponse) -> tuple[list[bytes], int]:
    """The body to send, and how many bytes the page grew because nobody asked for this coding before.

    A list: granian sends that at once, but any other iterable as a stream, piece by piece, which takes 10 µs more.
    """
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and page.etag and (page.etag in known or known == "*") and page.status.startswith("200"):
        start_response("304 NOT MODIFIED", list(page.unchanged))
        return [], 0
    coding, grown = delivery.coding(environ.get("HTTP_ACCEPT_ENCODING", "")), 0
    text = page.texts.get(coding)
    if text is None:
        text, grown = _in(page, coding)
    start_response(page.status, list(text[0]))
    return ([text[1]] if environ["REQUEST_METHOD"] != "HEAD" else []), grown


def _in(page: Page, coding: str) -> tuple[Text, int]:
    """The page in a coding in which it is not kept yet; from now on it is, in place of its plain text.

    A plain text takes the room of five pages, and all but a few browsers read brotli: it is unpacked for those.
    """
    texts = page.texts
    plain = texts[""][1] if "" in texts else delivery.decompressed(texts[packed := next(iter(texts))][1], packed)
    if not coding:
        return _headed(page, plain, ""), 0
    if len(plain) < delivery.LEAST:
        return texts[""], 0
    before, text = page.size, _headed(page, delivery.compressed(plain, coding), coding)
    page.texts = {each: texts[each] for each in texts if each} | {coding: text}
    return text, page.size - before


def _headed(page: Page, body: bytes, coding: str) -> Text:
    packed = [("Content-Encoding", coding)] if coding else []
    return [*page.headers, *packed, ("Content-Length", str(len(body)))], body
