"""Which base backups a moment needs, and which nobody needs any more."""

from datetime import UTC, datetime, timedelta

import pytest

from kroi.operations.backup.physical import rules
from kroi.operations.backup.physical.rules import Base
from kroi.operations.backup.rules import File

DAY = timedelta(days=1)
FIRST = datetime(2026, 10, 1, 3, tzinfo=UTC)


def name(day: int, kind: str, wal: int = 0) -> str:
    at = FIRST + day * DAY
    return f"physical/kroi-{at:%Y%m%dT%H%M%SZ}-{kind}-00000001000000000000{wal:04X}.tar"


WEEKS = [name(day, "increment" if day % 7 else "base", day + 1) for day in range(40)]


def test_a_moment_needs_the_full_one_before_it_and_all_between() -> None:
    assert rules.chain(WEEKS, FIRST + 9.5 * DAY) == WEEKS[7:10]
    assert rules.chain(reversed(WEEKS), FIRST + 7 * DAY) == WEEKS[7:8]
    assert rules.chain(WEEKS, FIRST - DAY) == []
    assert rules.chain([name(3, "increment")], FIRST + 9 * DAY) == []


def test_a_full_one_goes_with_all_that_needs_it_and_nothing_older_than_promised_stays() -> None:
    now = FIRST + 39 * DAY
    assert rules.expired(WEEKS, now, 30 * DAY) == WEEKS[:14], "the full one of the seventh day is 32 days old"
    assert rules.expired(WEEKS, FIRST + 37 * DAY, 30 * DAY) == WEEKS[:7]
    assert rules.expired(WEEKS, now, 300 * DAY) == []
    assert rules.expired(WEEKS[:3], now + 90 * DAY, 30 * DAY) == [], "the only one there is never goes"


def test_the_log_is_kept_from_the_oldest_base_on_whatever_the_timeline() -> None:
    log = [f"{line:08X}{number:016X}" for line in (1, 2) for number in range(1, 6)]
    log += ["00000002.history", "000000010000000000000003.00000028.backup", "000000010000000000000001.00000028.backup"]
    gone = rules.needless(log, f"00000001{3:016X}")
    assert gone == [*log[:2], *log[5:7], "000000010000000000000001.00000028.backup"]


def test_names_say_what_must_be_known_without_the_key() -> None:
    assert rules.first_wal(WEEKS[4] + ".age") == "000000010000000000000005"
    assert rules.began_at(WEEKS[4] + ".age") == FIRST + 4 * DAY
    assert rules.is_full(WEEKS[0]) and not rules.is_full(WEEKS[1])
    for other in ("kroi-20261001T030000Z-sqlite.tar", "physical/notes.txt", WEEKS[0] + ".part"):
        assert rules.began_at(other) is None


def test_a_place_in_the_log_is_in_this_file() -> None:
    assert rules.segment(1, "0/2000028", 16 << 20) == "000000010000000000000002"
    assert rules.segment(3, "2A/FF000000", 16 << 20) == "000000030000002A000000FF"
    assert rules.segment(1, "1/40000000", 64 << 20) == "000000010000000100000010"


def base(**changes: object) -> Base:
    values: dict[str, object] = {
        "began_at": FIRST, "ended_at": FIRST, "version": "0", "server": "18.6", "system": "7", "database": "kroi",
        "user": "kroi", "parent": None, "first_wal": "000000010000000000000002", "needs": {"max_connections": 100},
        "files": {"base.tar.gz": File(1, "x"), "pg_wal.tar": File(1, "x"), "backup_manifest": File(1, "x")},
    }  # fmt: skip
    return Base(**{**values, **changes})  # type: ignore[arg-type]


def test_what_a_base_backup_says_is_read_again() -> None:
    for each in (base(), base(parent=WEEKS[0])):
        assert Base.load(each.dump()) == each


@pytest.mark.parametrize(
    "forged",
    [
        {"files": {"../evil": File(1, "x")}},
        {"files": {"media/1/../../x": File(1, "x")}},
        {"parent": "../../etc/passwd"},
        {"first_wal": "$(reboot)"},
        {"needs": {"archive_command = 'reboot' #": 1}},
    ],
)
def test_what_would_do_harm_is_not_read(forged: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Base.load(base(**forged).dump())
