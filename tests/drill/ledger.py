"""What every shopper was answered, and whether the database holds it: nothing lost, nothing doubled."""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

SUCCESS, REFUSED, AGAIN, SILENT, WRONG = "success", "refused", "again", "silent", "wrong"
_CLEAR = (409, 413, 422)  # refusals that say why; a 404 for a page that exists is none


@dataclass(frozen=True)
class Event:
    """One answer: when it came (monotonic seconds), how long it took, what it was worth, and what it was."""

    at: float
    seconds: float
    verdict: str
    words: str


def verdict(status: int, headers: Mapping[str, str]) -> str:
    """What an answer is worth to a visitor. Only a 503 or 429 that says when to come again may be tried again."""
    if status < 400:
        return SUCCESS
    if status in (429, 503):
        return AGAIN if headers.get("retry-after", "").isdigit() else WRONG
    return REFUSED if status in _CLEAR else WRONG


@dataclass
class Ledger:
    """Safe for many threads. `acknowledged` holds the reference by which each number was thanked."""

    acknowledged: dict[int, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def number(self) -> int:
        """The next shopper's."""
        return next(self._numbers)

    def note(self, seconds: float, verdict: str, words: str) -> None:
        """Somebody was answered, or was not."""
        self.events.append(Event(time.monotonic(), seconds, verdict, words))

    def thank(self, number: int, reference: str) -> None:
        """This shopper was told that we have it; a second time it must be under the same reference."""
        with self._lock:
            known = self.acknowledged.setdefault(number, reference)
        if known != reference:
            self.contradictions.append(f"shopper {number} was thanked for {known} and for {reference}")

    def since(self, moment: float) -> "Answers":
        """How those were answered who were answered since then."""
        return Answers([each for each in self.events if each.at >= moment])

    def compare(self, rows: Iterable[tuple[int, str]], spam: Iterable[int] = ()) -> "Balance":
        """With the number and the reference of every lead in the database, and the numbers of those put aside."""
        kept: dict[int, list[str]] = {}
        for number, reference in rows:
            kept.setdefault(number, []).append(reference)
        thanked = dict(self.acknowledged)
        lost = [number for number, reference in thanked.items() if reference not in kept.get(number, [])]
        doubled = [number for number, references in kept.items() if len(references) > 1]
        shared = [name for name, times in Counter(thanked.values()).items() if times > 1]
        return Balance(len(thanked), len(kept), sorted(lost), sorted(doubled), sorted(shared), sorted(spam))


@dataclass(frozen=True)
class Answers:
    """Some answers, counted."""

    events: list[Event]

    def __getitem__(self, verdict: str) -> int:
        return sum(each.verdict == verdict for each in self.events)

    def wrong(self, *, but: str = "") -> list[str]:
        """What no visitor may ever see, with how often; the proxy is never killed, so nobody may be cut off.

        `but` names how somebody may be cut off after all.
        """
        found = Counter(each.words for each in self.events if each.verdict == WRONG)
        found += Counter(each.words for each in self.events if each.verdict == SILENT and each.words != but)
        return [f"{words} ({times} times)" for words, times in found.most_common()]

    def seconds(self) -> list[float]:
        """How long those took that succeeded."""
        return sorted(each.seconds for each in self.events if each.verdict == SUCCESS)


@dataclass(frozen=True)
class Balance:
    """What was acknowledged beside what is kept; the lists hold shoppers' numbers, or references that two got."""

    acknowledged: int
    kept: int
    lost: list[int]
    doubled: list[int]
    shared: list[str]
    put_aside: list[int]

    def faults(self) -> list[str]:
        """In words; none when all is well."""
        named: dict[str, Sequence[object]] = {
            "lost": self.lost,
            "doubled": self.doubled,
            "one reference for two": self.shared,
            "put aside as spam": self.put_aside,
        }
        return [f"{len(which)} {what}: {which[:5]}" for what, which in named.items() if which]
