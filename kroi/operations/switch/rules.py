"""What changes in the file of settings when the database changes, and which addresses are good ones."""

import io
import re

from dotenv import dotenv_values
from dotenv.parser import parse_stream

ENGINES = ("sqlite", "postgresql")
OURS = "DATABASE_URL"
OTHER = "OTHER_DATABASE_URL"
TIED = ("DIRECT_DATABASE_URL", "REPLICA_URL")  # they speak of the database that is left


def engine_of(url: str) -> str:
    """Which of the two an address speaks of."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def plain(url: str) -> str:
    """The address as people write it, without the name of our driver."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)


def without_password(url: str) -> str:
    """The address as it may be shown."""
    shown = re.sub(r"(://[^:/@]*):.*@", r"\1:…@", plain(url))
    return re.sub(r"(password=)[^&]*", r"\1…", shown)


def with_database(text: str, new: str, old: str) -> str:
    """The settings file with the new address in it and the old one beside it; all else stays as it is, to the byte.

    Settings that belong to the old database only (its owner, its replica) become comments. Raises ValueError for a file
    that is written so oddly that the new address would not be read from it.
    """
    end = "\r\n" if "\r\n" in text else "\n"
    whole = text if not text or text.endswith("\n") else text + end
    pieces = [(each.key, each.original.string) for each in parse_stream(io.StringIO(whole))]
    kept = [(name, _kept(name, words, end)) for name, words in pieces]
    place = next((index + 1 for index, (name, _words) in enumerate(kept) if name == OURS), len(kept))
    kept[place:place] = [(name, f"{name}={_quoted(url)}{end}") for name, url in ((OURS, new), (OTHER, old))]
    changed = "".join(words for _name, words in kept)
    if _read(changed) != _read(text) | dict.fromkeys(TIED) | {OURS: new, OTHER: old}:
        raise ValueError("the new address would not be read from it")
    return changed


def _kept(name: str | None, words: str, end: str) -> str:
    """What stays of a setting: of those two only the empty lines before them, of one that is tied a comment."""
    if name not in (OURS, OTHER, *TIED):
        return words
    blank, newline, _indent = words[: len(words) - len(words.lstrip())].rpartition("\n")
    if name not in TIED:
        return blank + newline
    first, *others = words.strip().splitlines()
    said = [f"# left by flask ops switch: {first}", *(f"# {line}" for line in others)]
    return blank + newline + end.join(said) + end


def _read(text: str) -> dict[str, str | None]:
    """The settings as Kroi reads them from such a file."""
    return {**dict.fromkeys(TIED), **dotenv_values(stream=io.StringIO(text))}


def _quoted(value: str) -> str:
    """In single quotes, where nothing but a quote and a backslash means anything; a plain one as it is."""
    if re.fullmatch(r"[A-Za-z0-9_./:@?=%+,-]*", value):
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
