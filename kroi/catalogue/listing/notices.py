"""What a page of the list says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """A sentence above the list, and the address of the list as it was asked for, if this is another."""

    sentence: str
    href: str = ""
