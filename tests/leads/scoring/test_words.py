"""How the facts of a learnt card are listed."""

import pytest

from kroi.leads.scoring import words


@pytest.mark.parametrize(
    ("levels", "listed"),
    [
        (["..52", "104..155", "353..", "52..104"], ["..52", "52..104", "104..155", "353.."]),
        (["..1.5e+06", "1.5e+06..", "missing"], ["..1.5e+06", "1.5e+06..", "missing"]),
        (["no", "yes"], ["no", "yes"]),
    ],
)
def test_bands_stand_from_the_lowest_up(levels: list[str], listed: list[str]) -> None:
    assert words.in_order(levels) == listed
