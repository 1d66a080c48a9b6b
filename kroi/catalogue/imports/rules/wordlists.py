"""How lists of words are written down: as people read them, in lines."""

import re


def word_set(*lines: str) -> frozenset[str]:
    """The words of these lines."""
    return frozenset(word for line in lines for word in line.split())


def any_of(*lines: str) -> re.Pattern[str]:
    """A pattern for any of the phrases in these lines, which commas part, as whole words in any case."""
    phrases = [re.escape(phrase.strip()) for line in lines for phrase in line.split(",") if phrase.strip()]
    ordered = "|".join(sorted(phrases, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{ordered})(?!\w)", re.IGNORECASE)
