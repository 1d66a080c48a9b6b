"""A clock that jumps is a number at every moment: else the drill itself would break what it watches."""

import threading
from pathlib import Path

from tests.drill import jumps


def test_a_clock_that_is_read_while_it_jumps_says_a_moment(tmp_path: Path) -> None:
    file, enough = tmp_path / "clock", threading.Event()
    jumps.write(file, 0)

    def to_and_fro() -> None:
        while not enough.is_set():
            jumps.write(file, 3600)
            jumps.write(file, -86400)

    jumping = threading.Thread(target=to_and_fro)
    jumping.start()
    try:
        assert {jumps.read(file) for _look in range(2_000)} <= {0, 3600, -86400}
    finally:
        enough.set()
        jumping.join()
