"""What the inbox can be asked for, read tolerantly from an address and written back into one."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from kroi.leads.rules import LeadStatus, Priority, Source

Word = TypeVar("Word", bound=enum.StrEnum)
PER_PAGE = 50
MOST_VIEWS = 20  # that one person saves
AGES = (1, 7, 30)  # days


class Tab(enum.StrEnum):
    """Which leads, roughly."""

    OPEN = "open"
    MINE = "mine"
    FREE = "free"
    LATE = "late"
    ALL = "all"


class Deed(enum.StrEnum):
    """What can be done to many leads at once."""

    TAKE = "take"
    ASSIGN = "assign"
    GIVE_BACK = "give_back"
    CONTACTED = "contacted"
    LOST = "lost"
    SPAM = "spam"


@dataclass(frozen=True)
class InboxFilter:
    """One view of the inbox. `user_id` is whose leads, `age` how many days old at most.

    `after` is where the last page ended.
    """

    tab: Tab = Tab.OPEN
    status: LeadStatus | None = None
    priority: Priority | None = None
    user_id: int | None = None
    source: Source | None = None
    age: int | None = None
    words: str = ""
    after: tuple[int, int] | None = None

    @classmethod
    def from_address(cls, asked: Mapping[str, str]) -> "InboxFilter":
        """What does not parse is as if it were not there."""
        age = _number(asked.get("age"))
        return cls(
            tab=_one_of(Tab, asked.get("tab")) or Tab.OPEN,
            status=_one_of(LeadStatus, asked.get("status")),
            priority=_one_of(Priority, asked.get("priority")),
            user_id=_number(asked.get("user")),
            source=_one_of(Source, asked.get("source")),
            age=age if age in AGES else None,
            words=asked.get("q", "").replace("\x00", "").strip()[:200],
            after=_place(asked.get("after")),
        )

    def address(self, **changes: object) -> dict[str, object]:
        """Query parameters for this view with `changes`; always starts at the first page unless `after` is given."""
        values: dict[str, object] = {
            "tab": None if self.tab is Tab.OPEN else self.tab.value,
            "status": self.status.value if self.status else None,
            "priority": self.priority.value if self.priority else None,
            "user": self.user_id,
            "source": self.source.value if self.source else None,
            "age": self.age,
            "q": self.words or None,
        }
        return {name: value for name, value in (values | changes).items() if value is not None}

    def page(self, **changes: object) -> dict[str, object]:
        """The address of this very page, where it ended included."""
        return self.address(after=place(*self.after) if self.after else None, **changes)

    def kept(self) -> dict[str, object]:
        """What a saved view holds: no words, which may be somebody's name, and no page."""
        return replace(self, words="").address()

    @property
    def narrowed(self) -> bool:
        """Does it ask for less than its tab?"""
        return bool(self.words or self.status or self.priority or self.user_id or self.source or self.age)


def place(urgency: int, lead_id: int) -> str:
    """Where a page ended, as an address says it."""
    return f"{urgency}.{lead_id}"


def _one_of(kind: type[Word], raw: str | None) -> Word | None:
    return kind(raw) if raw in list(kind) else None


def _number(raw: str | None) -> int | None:
    return int(raw) if raw and raw.isascii() and raw.isdigit() and len(raw) < 19 else None


def _place(raw: str | None) -> tuple[int, int] | None:
    urgency, _dot, lead_id = (raw or "").partition(".")
    first, second = _number(urgency), _number(lead_id)
    return None if first is None or second is None or first >= 2**31 else (first, second)
