"""The codes that say how a lead came to somebody and why; they stand in history, and words are made of them."""

import enum


class How(enum.StrEnum):
    """By which way a lead changed hands."""

    ROUND = "round"
    """The round gave it to whoever was next."""
    KNOWN = "known"
    """The round gave it to whoever worked this person's last lead."""
    CLAIMED = "claimed"
    """Somebody took it."""
    HAND = "hand"
    """Somebody gave it to somebody else."""
    GIVEN_BACK = "given_back"
    """Somebody put it back into the pool."""
    TAKEN_BACK = "taken_back"
    """Nothing happened, so it went back by itself."""


class Code(enum.StrEnum):
    """Why the round chose as it did."""

    NEXT = "next"
    """Everybody had as much, and this one waited longest; or this one was owed a part of a turn."""
    CATCH_UP = "catch_up"
    """This one missed whole turns."""
    ONLY = "only"
    """Nobody else could."""
    KNOWS = "knows"
    """This one worked the person's last lead."""
    NOBODY_IN_ROUND = "nobody_in_round"
    NOBODY_ON_SHIFT = "nobody_on_shift"
    ALL_FULL = "all_full"
    ALL_BUSY = "all_busy"
    """Whoever is at work has as many unanswered ones as they may have at once."""
    NOBODY_ELSE = "nobody_else"
    """Whoever is at work has had this lead just now."""
    TOO_OFTEN = "too_often"
    """It went from hand to hand as often as is allowed."""
    SILENT = "silent"
    """Nobody called, wrote or moved it in time."""


class Passed(enum.StrEnum):
    """Why somebody of the round did not get a lead."""

    OFF_SHIFT = "off_shift"
    AWAY = "away"
    FULL = "full"
    UNANSWERED = "unanswered"
    """They have others to answer first."""
    LANGUAGE = "language"
    HAD_IT = "had_it"
    LATER = "later"
    """Others came before them."""


FOUND = (Code.NEXT, Code.CATCH_UP, Code.ONLY, Code.KNOWS)
