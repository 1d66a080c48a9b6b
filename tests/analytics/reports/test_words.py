"""What the reports say of a figure that moved."""

import pytest
from flask import Flask

from kroi.analytics.reports import words


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(275, 132, "+2 h 23 min"), (35, 67, "−32 min"), (60, 120, "−1 h"), (30, 30, "unchanged"), (None, 30, "")],
)
def test_a_time_that_moved_is_said_in_hours_and_minutes(
    app: Flask, now: int | None, before: int | None, said: str
) -> None:
    with app.test_request_context():
        moved, _tone = words.change(now, before, words.minutes)
    assert moved.replace("\N{NO-BREAK SPACE}", " ") == said


def test_less_time_is_good_and_more_is_only_said(app: Flask) -> None:
    with app.test_request_context():
        assert words.change(35, 67, words.minutes, better=-1)[1] == "good"
        assert words.change(67, 35, words.minutes, better=-1)[1] == ""
        assert words.change(29, 46, words.points, better=1)[0].replace("\N{NO-BREAK SPACE}", " ") == "−17 points"
