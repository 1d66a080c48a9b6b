"""The matcher against the labelled pairs: who is merged by itself is one person, and no one person is missed."""

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from kroi.leads.people.rules import Contact, Kind, judge, keys
from kroi.leads.rules import names

LABELS = Path(__file__).parent / "labels"
PARTS = ("first", "second", "held_back")
PRECISION, RECALL = 0.99, 0.95


@dataclass(frozen=True)
class Pair:
    """A labelled pair and the part it belongs to."""

    kind: str
    same: bool
    part: str
    one: Contact
    other: Contact

    @property
    def verdict(self) -> Kind:
        """What the matcher says."""
        return judge(self.one, self.other).kind

    @property
    def is_met(self) -> bool:
        """Would the two ever be compared: do they share a key that people are looked up by?"""
        mine, theirs = self.one.keys, self.other.keys
        shared = (mine.email and mine.email == theirs.email) or (mine.phone and mine.phone == theirs.phone)
        return bool(shared) or names.key(self.one.name) == names.key(self.other.name)


@cache
def pairs() -> tuple[Pair, ...]:
    found = []
    for name in (*PARTS, "hard"):
        with (LABELS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                one, other = (_contact(row, side) for side in "ab")
                found.append(Pair(row["kind"], row["same"] == "yes", row.get("part") or name, one, other))
    return tuple(found)


def _contact(row: dict[str, str], side: str) -> Contact:
    return Contact(row[f"{side}_name"], keys(row[f"{side}_email"], row[f"{side}_phone"], row["country"]))


def test_there_are_enough_labels_and_a_third_is_held_back() -> None:
    sizes = Counter(pair.part for pair in pairs())
    assert len(pairs()) >= 400 and len({pair.kind for pair in pairs()}) >= 25
    assert set(sizes) == set(PARTS) and min(sizes.values()) * 3 >= len(pairs()) - 3


@pytest.mark.parametrize("parts", [PARTS[:2], PARTS[2:], PARTS], ids=["tuned on", "held back", "all"])
def test_what_merges_by_itself_is_right_and_what_is_one_person_is_found(parts: tuple[str, ...]) -> None:
    chosen = [pair for pair in pairs() if pair.part in parts]
    merged = [pair for pair in chosen if pair.verdict is Kind.SAME]
    same = [pair for pair in chosen if pair.same]
    found = [pair for pair in same if pair.verdict is not Kind.DIFFERENT and pair.is_met]
    wrong = [pair for pair in merged if not pair.same]
    precision, recall = 1 - len(wrong) / len(merged), len(found) / len(same)
    asked = [pair for pair in chosen if pair.verdict is Kind.SUGGESTED]
    alone = sum(pair.same for pair in merged) / len(same)
    right = sum(pair.same for pair in asked)
    _say(f"\n{len(chosen)} pairs, {len(same)} of them one person; merged by itself {len(merged)}")
    _say(f"precision of merging {precision:.4f}, recall of merging {alone:.3f}, with suggestions {recall:.4f}")
    _say(f"suggested {len(asked)}, {right} of them one person")
    for pair in (*wrong, *(pair for pair in same if pair not in found)):
        _say(f"{'missed' if pair.same else 'wrong'} {pair.kind} {pair.one} {pair.other} {pair.is_met}")
    assert precision >= PRECISION
    assert recall >= RECALL


def test_each_kind_of_two_people_is_kept_apart_or_asked_about() -> None:
    for kind in sorted({pair.kind for pair in pairs()}):
        counts = Counter((pair.same, pair.verdict) for pair in pairs() if pair.kind == kind)
        said = ", ".join(f"{'one' if same else 'two'}: {verdict} {n}" for (same, verdict), n in sorted(counts.items()))
        _say(f"{kind:20} {said}")
        assert counts[False, Kind.SAME] <= 1, kind


def test_it_does_not_matter_who_came_first() -> None:
    assert [pair for pair in pairs() if judge(pair.one, pair.other) != judge(pair.other, pair.one)] == []


def _say(words: str) -> None:
    print(words)  # noqa: T201
