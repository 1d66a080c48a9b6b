"""A dealership to try the round on, out of rules alone: people with hours, languages, absences, and weeks of leads."""

import heapq
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from kroi.dealerships.rules.hours import Calendar, calendar
from kroi.leads.assignment.rules.shifts import Absence, Presence, own_calendar, presence
from kroi.leads.assignment.rules.turns import Choice, Member, choose, settled

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday, four weeks before the clocks change
MOST_TURNS, MOST_HANDS, SILENCE = 3, 3, timedelta(minutes=30)
HOUSE = calendar(
    "Europe/Helsinki",
    {str(day): [["09:00", "18:00"]] for day in range(5)} | {"5": [["10:00", "16:00"]]},
    {"2026-04-03": [], "2026-04-06": [], "2026-05-01": []},
)
EARLY = own_calendar(HOUSE, {str(day): [["09:00", "14:00"]] for day in range(5)})
LATE = own_calendar(HOUSE, {str(day): [["13:00", "18:00"]] for day in range(5)} | {"5": [["10:00", "16:00"]]})
LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Seller:
    """Somebody of the simulation. `lazy` is how many of a hundred leads they let lie."""

    user_id: int
    languages: frozenset[str]
    hours: Calendar
    cap: int
    lazy: int = 5
    most_unanswered: int | None = None
    absences: tuple[Absence, ...] = ()


@dataclass
class Book:
    """What happened, as the tests look at it."""

    choices: list[tuple[datetime, str, tuple[Member, ...], Choice]] = field(default_factory=list)
    turns: Counter[int] = field(default_factory=Counter)
    hands: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    stranded: int = 0
    waiting: int = 0


def away(first: int, days: int) -> Absence:
    """A holiday that begins so many days after the start."""
    return Absence(START + timedelta(days=first), START + timedelta(days=first + days))


def team() -> list[Seller]:
    """Four equals (1 to 4), two who speak Swedish, too, of whom one works early and one late, and one small cap."""
    fi, all_three = frozenset({"fi", "en"}), frozenset(LANGUAGES)
    return [
        *(Seller(each, fi, HOUSE, cap=60) for each in (1, 2, 3, 4)),
        Seller(5, all_three, EARLY, cap=60, absences=(away(20, 7),)),
        Seller(6, all_three, LATE, cap=60, absences=(away(60, 10), away(100, 2))),
        Seller(7, fi, HOUSE, cap=15, lazy=20, absences=(away(35, 14),)),
    ]


def arrivals(chance: random.Random, leads: int, weeks: int) -> list[tuple[datetime, str]]:
    """When leads come, in which language: at any hour, most in the daytime."""
    minutes = weeks * 7 * 1440
    moments = sorted(START + timedelta(minutes=chance.uniform(0, minutes)) for _ in range(3 * leads))
    kept = [each for each in moments if chance.random() < (0.9 if 7 <= each.hour < 17 else 0.25)]
    some = sorted(chance.sample(kept, leads))
    return [(moment, chance.choices(LANGUAGES, (75, 15, 10))[0]) for moment in some]


class Simulation:
    """The round over some weeks: leads come, wait, lie still, go on, and are closed."""

    def __init__(self, sellers: list[Seller], seed: int = 5) -> None:
        self.chance, self.sellers = random.Random(seed), sellers
        self.members = {
            each.user_id: Member(
                each.user_id, each.languages, Presence.OFF, each.cap, most_unanswered=each.most_unanswered
            )
            for each in sellers
        }
        self.events: list[tuple[datetime, int, str, int]] = []  # moment, order, what, lead
        self.language: dict[int, str] = {}
        self.waiting: list[int] = []
        self.book = Book()
        self._order = 0

    def run(self, coming: list[tuple[datetime, str]]) -> Book:
        """Live through it, up to two weeks after the last lead."""
        for lead, (moment, language) in enumerate(coming):
            self.language[lead] = language
            self._plan(moment, "comes", lead)
        end = coming[-1][0] + timedelta(days=14)
        for before, moment in pairwise(_halves(START, end)):
            self._plan(before, "chore", moment.minute)
        while self.events:
            moment, _order, what, lead = heapq.heappop(self.events)
            if moment <= end:
                getattr(self, f"_{what}")(moment, lead)
        self.book.waiting = len(self.waiting)
        return self.book

    def _plan(self, moment: datetime, what: str, lead: int) -> None:
        self._order += 1
        heapq.heappush(self.events, (moment, self._order, what, lead))

    def _comes(self, moment: datetime, lead: int) -> None:
        if not self._offer(moment, lead):
            self.waiting.append(lead)

    def _chore(self, moment: datetime, _lead: int) -> None:
        if self.waiting and self._is_open(moment):
            self.waiting = [lead for lead in self.waiting if not self._offer(moment, lead)]

    def _is_open(self, moment: datetime) -> bool:
        return any(presence(each.hours, each.absences, moment) is Presence.ON for each in self.sellers)

    def _offer(self, moment: datetime, lead: int) -> bool:
        had = self.book.hands[lead]
        members = tuple(
            replace(
                self.members[each.user_id],
                presence=presence(each.hours, each.absences, moment),
                had=each.user_id in had,
                just_had=had[-1:] == [each.user_id],
            )
            for each in self.sellers
        )
        choice = choose(members, self.language[lead])
        self.book.choices.append((moment, self.language[lead], members, choice))
        if choice.user_id is None:
            return False
        self._give(moment, lead, members, choice.user_id)
        return True

    def _give(self, moment: datetime, lead: int, members: tuple[Member, ...], user_id: int) -> None:
        for each, owed in settled(members, user_id, most_turns=MOST_TURNS).items():
            self.members[each] = replace(self.members[each], owed=owed)
        self.book.turns[user_id] += 1
        self.book.hands[lead].append(user_id)
        mine = self.members[user_id]
        self.members[user_id] = replace(
            mine, open_leads=mine.open_leads + 1, unanswered=mine.unanswered + 1, last=self.book.turns.total()
        )
        lazy = next(each.lazy for each in self.sellers if each.user_id == user_id)
        if self.chance.random() * 100 < lazy:
            self._plan(moment + SILENCE, "lies", lead)
        else:
            self._plan(moment + timedelta(minutes=self.chance.uniform(2, 25)), "answered", lead)
            self._plan(moment + timedelta(days=self.chance.uniform(0.1, 6)), "closes", lead)

    def _answered(self, _moment: datetime, lead: int) -> None:
        mine = self.members[self.book.hands[lead][-1]]
        self.members[mine.user_id] = replace(mine, unanswered=mine.unanswered - 1)

    def _closes(self, _moment: datetime, lead: int) -> None:
        user_id = self.book.hands[lead][-1]
        self.members[user_id] = replace(self.members[user_id], open_leads=self.members[user_id].open_leads - 1)

    def _lies(self, moment: datetime, lead: int) -> None:
        self._closes(moment, lead)
        self._answered(moment, lead)  # it is nobody's to answer any more
        if len(self.book.hands[lead]) >= MOST_HANDS:
            self.book.stranded += 1
        elif not self._offer(moment, lead):
            self.waiting.append(lead)


def _halves(start: datetime, end: datetime) -> list[datetime]:
    """Every half hour."""
    return [start + timedelta(minutes=30 * n) for n in range(int((end - start) / timedelta(minutes=30)))]
