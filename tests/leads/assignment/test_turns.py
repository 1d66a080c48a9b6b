"""The next is who is owed most: nobody over the cap, the language where it can be, and equals alternate."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.leads.assignment.rules.reasons import FOUND, Code, Passed
from kroi.leads.assignment.rules.shifts import Presence
from kroi.leads.assignment.rules.turns import TURN, Member, choose, settled

LIMIT = 3
LANGUAGES = ("fi", "sv", "en")
members = st.builds(
    Member,
    user_id=st.integers(1, 99),
    languages=st.frozensets(st.sampled_from(LANGUAGES)),
    presence=st.sampled_from(Presence),
    cap=st.integers(0, 4),
    open_leads=st.integers(0, 4),
    owed=st.integers(-LIMIT * TURN, LIMIT * TURN),
    last=st.integers(0, 9),
    had=st.booleans(),
)
teams = st.lists(members, max_size=7, unique_by=lambda member: member.user_id)


def somebody(user_id: int, **values: object) -> Member:
    """At work, speaks Finnish, has room."""
    usual = {"languages": frozenset({"fi"}), "presence": Presence.ON, "cap": 30}
    return Member(user_id=user_id, **(usual | values))  # type: ignore[arg-type]


@given(teams, st.sampled_from(LANGUAGES))
def test_only_who_is_at_work_and_has_room_gets_one(team: list[Member], language: str) -> None:
    choice = choose(team, language)
    for member in team:
        if member.user_id == choice.user_id:
            assert member.presence is Presence.ON and member.open_leads < member.cap and not member.just_had
    fitting = [each for each in team if each.presence is Presence.ON and not each.is_full]
    assert (choice.user_id is None) == (not fitting)


@given(teams, st.sampled_from(LANGUAGES))
def test_the_language_is_respected_where_it_can_be(team: list[Member], language: str) -> None:
    choice = choose(team, language)
    can = [each for each in team if each.presence is Presence.ON and not each.is_full and not each.had]
    if any(language in each.languages for each in can):
        assert choice.spoken
        assert next(each for each in team if each.user_id == choice.user_id).languages & {language}
    elif choice.user_id is not None:
        assert choice.spoken == any(each.user_id == choice.user_id and language in each.languages for each in team), (
            "it says so when somebody gets it who does not speak it"
        )


@given(teams, st.sampled_from(LANGUAGES), st.randoms())
def test_the_same_people_give_the_same_choice_in_any_order(team: list[Member], language: str, chance: object) -> None:
    shuffled = list(team)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = choose(team, language), choose(shuffled, language)
    assert (one.user_id, one.code, one.spoken, sorted(one.passed)) == (
        other.user_id,
        other.code,
        other.spoken,
        sorted(other.passed),
    )


@given(teams, st.sampled_from(LANGUAGES))
def test_everybody_else_has_a_reason(team: list[Member], language: str) -> None:
    choice = choose(team, language)
    assert {user_id for user_id, _why in choice.passed} | {choice.user_id} - {None} == {each.user_id for each in team}
    assert (choice.code in FOUND) == (choice.user_id is not None)


def play(team: list[Member], language: str, turn: int) -> tuple[int | None, list[Member]]:
    """Give one lead, and answer to whom and how the team stands afterwards."""
    choice = choose(team, language)
    if choice.user_id is None:
        return None, team
    after = settled(team, choice.user_id, most_turns=LIMIT)
    return choice.user_id, [
        replace(
            each,
            owed=after.get(each.user_id, each.owed),
            last=turn if each.user_id == choice.user_id else each.last,
        )
        for each in team
    ]


@given(
    st.integers(2, 6),
    st.lists(st.tuples(st.sampled_from(LANGUAGES), st.frozensets(st.integers(3, 6))), min_size=1, max_size=120),
)
def test_equals_never_differ_by_more_than_a_turn(size: int, story: list[tuple[str, frozenset[int]]]) -> None:
    """1 and 2 are equal; the others speak what they like, and come and go."""
    team = [
        somebody(each, languages=frozenset({"fi"} if each < 3 else set(LANGUAGES[: each % 4])))
        for each in range(1, size + 1)
    ]
    given_to: Counter[int | None] = Counter()
    for turn, (language, gone) in enumerate(story, 1):
        team = [replace(each, presence=Presence.AWAY if each.user_id in gone else Presence.ON) for each in team]
        got, team = play(team, language, turn)
        given_to[got] += 1
        assert abs(given_to[1] - given_to[2]) <= 1
        assert all(abs(each.owed) <= LIMIT * TURN for each in team)


def test_who_was_away_catches_up_but_not_without_end() -> None:
    team = [somebody(1), somebody(2), somebody(3, presence=Presence.AWAY)]
    for turn in range(1, 31):
        _got, team = play(team, "fi", turn)
    assert LIMIT * TURN - TURN // 3 < team[2].owed <= LIMIT * TURN, "ten turns were missed, three are kept"
    team = [replace(each, presence=Presence.ON) for each in team]
    assert choose(team, "fi").code is Code.CATCH_UP
    after: Counter[int | None] = Counter()
    for turn in range(31, 61):
        got, team = play(team, "fi", turn)
        after[got] += 1
    assert after[3] in (9 + LIMIT, 10 + LIMIT), "of thirty turns a third, and those that were kept"
    assert abs(after[1] - after[2]) <= 1


def test_who_does_not_work_then_is_owed_nothing_for_it() -> None:
    team = [somebody(1), somebody(2, presence=Presence.OFF)]
    for turn in range(1, 11):
        _got, team = play(team, "fi", turn)
    assert team[1].owed == 0


@given(teams, st.sampled_from(LANGUAGES))
def test_what_one_gains_another_pays(team: list[Member], language: str) -> None:
    choice = choose(team, language)
    if choice.user_id is None:
        return
    after = settled(team, choice.user_id, most_turns=LIMIT)
    before = {each.user_id: each.owed for each in team}
    change = sum(owed - before[user_id] for user_id, owed in after.items())
    assert change == 0 or (-TURN <= change < 0 and len(after) == 1), "but when nobody can be owed more"
    assert all(abs(owed) <= LIMIT * TURN for owed in after.values())


def test_who_gets_all_of_a_language_is_not_left_out_for_long() -> None:
    team = [somebody(1, languages=frozenset({"fi", "sv"})), somebody(2)]
    for turn in range(1, 41):
        _got, team = play(team, "sv", turn)
    order = []
    for turn in range(41, 60):
        got, team = play(team, "fi", turn)
        order.append(got)
    assert order.index(1) <= 2 * LIMIT


def test_a_round_of_three_goes_round() -> None:
    team, order = [somebody(3), somebody(1), somebody(2)], []
    for turn in range(1, 7):
        got, team = play(team, "fi", turn)
        order.append(got)
    assert order == [1, 2, 3, 1, 2, 3]


@pytest.mark.parametrize(
    ("team", "code"),
    [
        ([], Code.NOBODY_IN_ROUND),
        ([somebody(1, presence=Presence.OFF), somebody(2, presence=Presence.AWAY)], Code.NOBODY_ON_SHIFT),
        ([somebody(1, open_leads=30), somebody(2, presence=Presence.OFF)], Code.ALL_FULL),
        ([somebody(1, had=True, just_had=True)], Code.NOBODY_ELSE),
    ],
)
def test_nobody_has_a_reason_too(team: list[Member], code: Code) -> None:
    assert choose(team, "fi").user_id is None and choose(team, "fi").code is code


def test_it_says_why_not_the_others() -> None:
    choice = choose(
        [
            somebody(1),
            somebody(2, owed=-5),
            somebody(3, presence=Presence.OFF),
            somebody(4, presence=Presence.AWAY),
            somebody(5, open_leads=30),
            somebody(6, languages=frozenset({"en"}), owed=TURN),
            somebody(7, had=True, owed=TURN),
        ],
        "fi",
    )
    assert (choice.user_id, choice.code) == (1, Code.NEXT)
    assert dict(choice.passed) == {
        2: Passed.LATER,
        3: Passed.OFF_SHIFT,
        4: Passed.AWAY,
        5: Passed.FULL,
        6: Passed.LANGUAGE,
        7: Passed.HAD_IT,
    }


def test_a_language_nobody_speaks_goes_to_anybody_and_says_so() -> None:
    choice = choose([somebody(1), somebody(2)], "sv")
    assert (choice.user_id, choice.spoken) == (1, False)


def test_never_the_same_person_again_at_once() -> None:
    first, second = somebody(1, had=True, just_had=True, owed=TURN), somebody(2, had=True)
    assert choose([first, second], "fi").user_id == 2
    assert choose([first, second, somebody(3, owed=-TURN)], "fi").user_id == 3, "who never had it comes first"


@pytest.mark.parametrize(("change", "goes_to"), [({}, 2), ({"open_leads": 30}, 1), ({"had": True}, 1)])
def test_a_returning_person_goes_to_whoever_knows_them_if_there_is_room(
    change: dict[str, object], goes_to: int
) -> None:
    choice = choose([somebody(1, owed=TURN), somebody(2, **change)], "fi", knows=2)
    assert (choice.user_id, choice.code is Code.KNOWS) == (goes_to, goes_to == 2)
