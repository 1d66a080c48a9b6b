"""Words are found as the database's LIKE finds them, whether they were packed, came later or had no room."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kroi.catalogue.index.rules import texts
from kroi.catalogue.index.rules.texts import Texts

_WORDS = st.lists(st.sampled_from(["a", "ab", "abc", "bca", "2019", "120", "tdi", "4x4", "50%"]), max_size=6)


@settings(max_examples=80, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cars=st.lists(_WORDS, max_size=24), packed=st.integers(0, 24), room=st.integers(0, 9), asked=_WORDS)
def test_a_word_is_found_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch, cars: list[list[str]], packed: int, room: int, asked: list[str]
) -> None:
    monkeypatch.setattr(texts, "_MOST_TOKENS", room)
    monkeypatch.setattr(texts, "_LINES", 3)
    monkeypatch.setattr(texts, "_REMEMBERED", 2)
    kept = Texts()
    lines = [(at, str(10_119 + at), " ".join([*words, str(10_119 + at)])) for at, words in enumerate(cars)]
    for part in (lines[: packed // 2], lines[packed // 2 : packed]):
        kept.fill(part)
    kept.freeze()
    for at, number, line in lines[packed:]:
        for word in asked:
            kept.find(word)  # remembered before the car came
        kept.add(at, number, line)
    for word in [*asked, "b", "1012", "101", "0", "nosuch", "x"]:
        assert set(kept.find(word)) == {at for at, _number, line in lines if word in line}, word
        assert all(kept.holds(at, number, line) for at, number, line in lines)


def test_stock_numbers_are_no_words_but_are_found() -> None:
    kept = Texts()
    kept.fill([(0, "2019", "audi a4 2019 2019 diesel"), (1, "KR-77", "audi kr-77 benzin")])
    assert set(kept.tokens()) == {"audi", "a4", "2019", "diesel", "benzin"}
    assert set(kept.find("kr-7")) == {1} and set(kept.find("2019")) == {0}


def test_words_that_always_come_together_share_their_bitmap() -> None:
    kept = Texts()
    kept.fill([(0, "1", "one owner from new"), (1, "2", "one owner"), (2, "3", "from new")])
    kept.fill([(3, "4", "one owner from new")])
    assert len({id(bitmap) for bitmap in kept._tokens.values()}) == 2
