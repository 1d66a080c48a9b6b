"""What may be kept with a lead, how much of it, and what it is called."""

import re
from datetime import timedelta

MOST_FILES = 30  # of one lead
MOST_PDF = 10 * 1024 * 1024  # bytes
LEFT_BEHIND = timedelta(days=1)  # after which a file that no lead holds is nobody's
_MOST_NAME = 120
_LOOKED_AT = 1024  # bytes in which a PDF says that it is one
_UNWANTED = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+")


def is_pdf(content: bytes) -> bool:
    """Does this begin as a PDF does, whatever it is called?"""
    return b"%PDF-" in content[:_LOOKED_AT]


def clean_name(given: str, extension: str) -> str:
    """The name without a path, without what no name holds, and with the extension of what the file really is."""
    last = re.split(r"[/\\]", given)[-1]
    stem = " ".join(_UNWANTED.sub(" ", last.rpartition(".")[0] or last).split()).strip(".") or "file"
    return f"{stem[: _MOST_NAME - len(extension) - 1].strip()}.{extension}"


def digest_in(stored_name: str) -> str:
    """The digest in the name of a stored file."""
    return stored_name.partition("-")[2].partition(".")[0]
