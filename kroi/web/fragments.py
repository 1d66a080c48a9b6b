"""Pieces of pages that look the same for everybody, rendered once a process and language."""

from collections.abc import Hashable
from typing import Any

from flask import Flask
from jinja2.runtime import Macro
from markupsafe import Markup

from kroi.web import place

_MOST = 2_000  # pieces; who has more keys than that has put something personal into them
_kept: dict[Hashable, Markup] = {}


def install(app: Flask) -> None:
    """Let templates say `once(macro, key, …)`."""
    app.jinja_env.globals["once"] = once


def once(macro: Macro, key: Hashable, *arguments: Any) -> Markup:
    """What the macro makes of these arguments, as the first time: `key` says all by which one differs from another.

    Only for what names no person and no number of a row: it stays in memory, and every visitor may get it.
    """
    here = place.current()
    name = (macro._func.__code__, here.language, here.own, here.currency, key)
    found = _kept.get(name)
    if found is None:
        if len(_kept) >= _MOST:
            _kept.clear()
        found = _kept[name] = Markup(macro(*arguments))
    return found
