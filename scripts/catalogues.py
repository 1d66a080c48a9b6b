"""Finds every text that people read, keeps the catalogues in step with them, and says what is still to be translated.

Looks for marked texts in kroi, in the templates and in WTForms. `scripts/translations` is its door.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from kroi.web import catalogues

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fi", "sv")
MARKS = {  # how a text is marked: where its context, its words and its plural stand among the arguments
    "_": (None, 0, None),
    "_l": (None, 0, None),
    "gettext": (None, 0, None),
    "lazy_gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "lazy_pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_HEADER = "Kroi in {}. After texts changed: scripts/translations. Placeholders such as %(num)s stay as they are."
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")
_ALWAYS = datetime(2026, 11, 21, tzinfo=UTC)  # a date that changed at every run would be noise in every difference


@dataclass(frozen=True)
class Text:
    """A marked text: its context and plural, or `None`, and the file that shows it."""

    words: str
    place: str
    plural: str | None = None
    context: str | None = None


def texts() -> list[Text]:
    """Every marked text, in the order of the files."""
    found: list[Text] = []
    for path in sorted((ROOT / "kroi").rglob("*.py")):
        found += in_python(path.read_text(encoding="utf-8"), _name(path))
    for path in sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt", ".xml")):
        found += in_template(path.read_text(encoding="utf-8"), _name(path))
    package = Path(wtforms.__file__).parent
    for path in sorted([package / "validators.py", *(package / "fields").glob("*.py")]):
        found += in_python(path.read_text(encoding="utf-8"), "wtforms")
    return found


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def in_python(source: str, place: str) -> Iterator[Text]:
    """The marked texts of a Python file, also of calls inside calls."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        mark = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        yield from _marked(
            str(mark), [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args], place
        )


def in_template(source: str, place: str) -> Iterator[Text]:
    """The marked texts of a template."""
    environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, autoescape=True)
    for _line, mark, arguments in extract_from_ast(environment.parse(source), tuple(MARKS)):
        yield from _marked(mark, list(arguments) if isinstance(arguments, tuple) else [arguments], place)


def _marked(mark: str, arguments: list[object], place: str) -> Iterator[Text]:
    if mark not in MARKS:
        return
    context, words, plural = (None if at is None else _text(arguments, at) for at in MARKS[mark])
    if words:
        yield Text(words, place, plural, context)


def _text(arguments: list[object], at: int) -> str | None:
    value = arguments[at] if at < len(arguments) else None
    return value if isinstance(value, str) else None


def updated(language: str, found: list[Text]) -> Catalog:
    """The catalogue of `language` with exactly the texts that were found, and what is translated of them."""
    old = catalogues.read(language) if catalogues.path_of(language).exists() else Catalog(locale=language)
    new = Catalog(locale=language, project="Kroi", header_comment=f"# {_HEADER.format(language)}", fuzzy=False)
    new.creation_date = new.revision_date = _ALWAYS
    for text in found:
        words = text.words if text.plural is None else (text.words, text.plural)
        known = old.get(text.words, context=text.context)
        kept = known if known is not None and bool(known.pluralizable) == (text.plural is not None) else None
        new.add(
            words,
            kept.string if kept else None,
            locations=[(text.place, 0)],
            flags=kept.flags & {"fuzzy"} if kept else (),
            context=text.context,
        )
    return new


def written(catalog: Catalog) -> bytes:
    """A catalogue as it stands in its file: long lines, places without line numbers, nothing of the day."""
    out = BytesIO()
    write_po(out, catalog, width=0, include_lineno=False, sort_by_file=False)
    dated = re.compile(rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Report-Msgid-Bugs-To|Language-Team|'
                       rb'Generated-By|Project-Id-Version):.*\n', re.MULTILINE)  # fmt: skip
    return dated.sub(b"", out.getvalue())


def problems(catalog: Catalog) -> list[str]:
    """What keeps a catalogue from being complete: nothing translated, unsure, or other placeholders than the source."""
    found = []
    for message in catalog:
        if message.id and (wrong := _wrong(message, catalog.num_plurals)):
            found.append(f"{wrong}: {_both(message.id)[0]}")
    return found


def _wrong(message: Message, plurals: int) -> str:
    sources, said = _both(message.id), _both(message.string)
    if not all(said) or (message.pluralizable and len(said) != plurals):
        return "not translated"
    if message.fuzzy:
        return "unsure (fuzzy)"
    allowed = [set(_PLACEHOLDER.findall(source)) for source in sources]
    if any(set(_PLACEHOLDER.findall(each)) not in allowed for each in said):
        return "other placeholders"
    around = {(source[:1] == " ", source[-1:] == " ") for source in sources}
    return "" if {(each[:1] == " ", each[-1:] == " ") for each in said} == around else "other space at an end"


def _both(words: object) -> tuple[str, ...]:
    return tuple(str(each) for each in words) if isinstance(words, list | tuple) else (str(words or ""),)


def main(arguments: list[str]) -> int:
    """Bring the catalogues in step, or only look; 1 when something is left to do."""
    parser = argparse.ArgumentParser(prog="scripts/translations", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only say what is to be done")
    only_look, found, left = parser.parse_args(arguments).check, texts(), 0
    for language in LANGUAGES:
        catalog, path = updated(language, found), catalogues.path_of(language)
        text = written(catalog)
        stale = not path.exists() or path.read_bytes() != text
        if stale and not only_look:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        wrong = problems(catalog) + (["the file is not in step with the texts"] if stale and only_look else [])
        print(f"{language}: {len(catalog)} texts, {len(wrong)} to do")
        print("".join(f"  {each}\n" for each in wrong), end="")
        left += len(wrong)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
