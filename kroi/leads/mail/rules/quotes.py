"""What somebody wrote themselves, without what they quoted below it. Each line is looked at once."""

import re

_MOST_LINES = 5_000
_SAID = (  # "On Monday Ana wrote:" as mail programs say it
    "wrote:", "kirjoitti:", "skrev:", "schrieb:", "a écrit :", "escribió:", "ha scritto:", "schreef:", "kirjutas:",
)  # fmt: skip
_RULES = re.compile(r"-{2,}\s?(original message|alkuperäinen viesti|ursprungligt meddelande|ursprüngliche nachricht)")
_FROM = re.compile(r"\*?(from|lähettäjä|från|von|de|da)\*?:\s?\S", re.IGNORECASE)
_SENT = re.compile(r"\*?(sent|date|lähetetty|päivämäärä|skickat|datum|gesendet)\*?:\s?\S", re.IGNORECASE)


def own_words(text: str) -> str:
    """The text down to where the quoted history begins; all of it where nothing else would be left."""
    lines = text.split("\n")[:_MOST_LINES]
    kept = lines[: _history(lines)]
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">")):
        kept.pop()
    return "\n".join(kept).strip() or text.strip()


def _history(lines: list[str]) -> int:
    """The line where the history begins."""
    for at, line in enumerate(lines):
        bare = line.strip()[:400]
        if _begins(bare) or (
            _FROM.match(bare) and any(_SENT.match(more.strip()[:80]) for more in lines[at + 1 : at + 4])
        ):
            return at if not _continues(lines, at, bare) else at - 1
    return len(lines)


def _begins(bare: str) -> bool:
    low = bare.lower()
    if low.startswith(">"):
        return False
    said = low.endswith(_SAID) or (low.startswith("den ") and " skrev " in low and low.endswith(":"))
    return said or bool(_RULES.match(low)) or (len(bare) > 9 and set(bare) == {"_"})


def _continues(lines: list[str], at: int, bare: str) -> bool:
    """Does "wrote:" end a sentence that began on the line above?"""
    above = lines[at - 1].strip() if at else ""
    return (
        bool(above) and bare.lower().endswith(_SAID) and above.startswith(("On ", "Am ", "Le ", "El ", "Il ", "Den "))
    )
