"""The words of an HTML mail. One pass over the marks, without a tree, so that a hostile page costs no more."""

import html
import re

_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9]{0,12})")
_SILENT = {"script", "style", "head", "title", "template"}
_BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "ul", "ol", "table", "hr"}


def words(markup: str) -> str:
    """The text, with a line end where a block ends; quotations begin with `>`."""
    said: list[str] = []
    silent = ""
    first, *pieces = markup.split("<")
    said.append(first)
    for piece in pieces:
        tag, closed, after = piece.partition(">")
        found = _NAME.match(tag)
        name = found[1].lower() if found else ""
        closing = tag.startswith("/")
        if silent:
            silent = "" if closing and name == silent else silent
            if silent:
                continue
        elif name in _SILENT and not closing:
            silent = name
            continue
        elif not found and not tag.startswith("!"):
            after = f"<{tag}{closed}{after}"  # a mark of its own, as in "a < b"
        if name in _BREAKS:
            said.append("\n> " if name == "blockquote" and not closing else "\n")
        said.append(after)
    return _tidy(html.unescape("".join(said)))


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip()
