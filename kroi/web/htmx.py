"""Page or fragment, decided in one place (htmx 4 says `partial` or `full` in HX-Request-Type)."""

from collections.abc import Callable

from flask import Response, flash, make_response, redirect, render_template, request


def wants_fragment() -> bool:
    """Will the browser swap a piece in, rather than show a whole page?"""
    return request.headers.get("HX-Request-Type") == "partial"


def is_htmx() -> bool:
    """Did htmx send this request, for a piece or for a page?"""
    return "HX-Request" in request.headers


def show(page: str, /, *, fragment: str | None = None, status: int = 200, **context: object) -> Response:
    """Render `page`, or only its `fragment` when that is what htmx will swap in."""
    template = fragment if fragment and wants_fragment() else page
    response = make_response(render_template(template, **context), status)
    if fragment:
        response.vary.add("HX-Request-Type")
    return response


def either(page: Callable[[], str], fragment: Callable[[], str]) -> Response:
    """Page or fragment, whichever is asked for, as HTML that is made when it is."""
    response = make_response(fragment() if wants_fragment() else page())
    response.vary.add("HX-Request-Type")
    return response


def done(fragment: str, /, *, instead: str, notice: str | None = None, **context: object) -> Response:
    """After a successful POST: the fragment for htmx, otherwise a 303 to `instead`. `notice` is said once."""
    if notice:
        flash(notice)
    if wants_fragment():
        response = make_response(render_template(fragment, **context))
        response.vary.add("HX-Request-Type")
        return response
    return see(instead)


def see(address: str) -> Response:
    """A 303: look there now."""
    response = redirect(address, code=303)
    assert isinstance(response, Response)
    return response
