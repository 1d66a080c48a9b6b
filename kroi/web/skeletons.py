"""HTML with holes: Jinja renders a template once with marks where values go, and from then on strings are joined.

The template stays the one source of the HTML. A mark passes through it like any text, so a hole may stand wherever a
text is printed as it is; what a template decides by (a flag, a language) is part of the key instead.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from operator import itemgetter

from flask import current_app, render_template
from markupsafe import Markup

from kroi.web import place

_MOST = 20_000  # skeletons in memory; then all are made anew
_BEGIN, _END = f"\ue000{secrets.token_hex(4)}:", "\ue001"  # no text that somebody wrote holds them
_MARK = re.compile(f"{_BEGIN}([a-z_]+){_END}")
_made: dict[Hashable, "Skeleton"] = {}


class Skeleton:
    """Rendered HTML, cut at its marks. `parts` are one more than `names`."""

    __slots__ = ("_pattern", "_values", "names", "parts")

    def __init__(self, rendered: str) -> None:
        pieces = _MARK.split(rendered)
        self.parts, self.names = tuple(pieces[::2]), tuple(pieces[1::2])
        self._pattern = "%s".join(part.replace("%", "%%") for part in self.parts)
        self._values = itemgetter(*self.names) if self.names else lambda _holes: ()

    def fill(self, holes: Mapping[str, str]) -> str:
        """The HTML with the holes filled: values are HTML already."""
        return self._pattern % self._values(holes)  # dozens of times a page, and nothing else in Python is as fast


@lru_cache(maxsize=512)
def hole(name: str) -> Markup:
    """The mark for a value that is filled in later."""
    return Markup(f"{_BEGIN}{name}{_END}")


def fill(template: str, holes: Mapping[str, str], *, under: Hashable = None, **constants: Hashable) -> str:
    """The template with these values, which are HTML already. What it decides by is in `constants`.

    A value that is empty is given as an empty text, so the template may also decide by whether there is one. `under`
    stands for whatever else the template looks at.
    """
    given = tuple(name for name, value in holes.items() if value)
    context = {name: hole(name) if name in given else "" for name in holes}
    key = (template, given, under, *constants.items())
    return _kept(key, lambda: render_template(template, **context, **constants)).fill(holes)


def of_macro(template: str, macro: str, *args: Hashable, **kwargs: Hashable) -> Skeleton:
    """The skeleton of a macro with these arguments, in the language being spoken."""
    return _kept((template, macro, args, *kwargs.items()), lambda: made_anew(template, macro, *args, **kwargs))


def made_anew(template: str, macro: str, *args: object, **kwargs: object) -> str:
    """The HTML of a macro with these arguments, rendered now."""
    module = current_app.jinja_env.get_template(template).module
    return str(getattr(module, macro)(*args, **kwargs))


def forget_everything() -> None:
    """Templates or words are others now."""
    _made.clear()


def _kept(key: Hashable, render: Callable[[], str]) -> Skeleton:
    whole = (key, place.current())
    found = _made.get(whole)
    if found is None:
        if len(_made) >= _MOST:
            _made.clear()
        found = _made[whole] = Skeleton(render())
    return found
