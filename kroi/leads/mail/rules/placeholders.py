"""What may stand in braces in a template: a closed list, filled in one pass, so that a filled value is never read."""

import re
from collections.abc import Mapping

NAMES = ("name", "car", "price", "link", "me")
_BRACED = re.compile(r"\{\s*([A-Za-z_]{1,30})\s*\}")


def unknown(text: str) -> list[str]:
    """Names in braces that are not on the list, each once."""
    return list(dict.fromkeys(name for name in _BRACED.findall(text) if name not in NAMES))


def missing(text: str, values: Mapping[str, str]) -> list[str]:
    """Names on the list that stand in the text, and that this lead has no value for."""
    used = dict.fromkeys(_BRACED.findall(text))
    return [name for name in used if name in NAMES and not values.get(name)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known filled in; the rest stays as it is."""
    return _BRACED.sub(lambda found: values.get(found[1]) or found[0], text)
