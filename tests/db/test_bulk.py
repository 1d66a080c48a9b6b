"""Many rows at once: so many in one statement, none twice and none left out."""

from hypothesis import given
from hypothesis import strategies as st

from kroi.db import bulk


@given(st.lists(st.integers()), st.integers(1, 7))
def test_batches_are_the_rows_in_their_order(rows: list[int], most: int) -> None:
    batches = list(bulk.batches(rows, most))
    assert [row for batch in batches for row in batch] == rows
    assert all(len(batch) == most for batch in batches[:-1]) and all(1 <= len(batch) <= most for batch in batches)
