"""A switch that is killed at any point leaves the old database in use, whole; and the next try succeeds."""

import os
import random
import signal
import time
from contextlib import suppress

import pytest

from kroi.core.errors import Conflict
from kroi.operations.backup import service as backups
from kroi.operations.switch import service
from tests.operations.house import House, content, rename_car

pytestmark = pytest.mark.slow

KILLS = 10


def begin(house: House) -> int:
    """A process of its own that switches; its number."""
    house.let_go()
    child = os.fork()
    if child:
        return child
    try:
        os._exit(house.switch().exit_code)
    finally:
        os._exit(9)


def wait_until_free(house: House) -> None:
    """The database's server has seen that whoever was killed is gone, and so have the programs that it had started."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        with suppress(Conflict):
            service.end_of(house.url).check_idle()
            return
    raise AssertionError("somebody is still connected")


def test_killed_at_ten_points_the_old_database_serves_and_nothing_is_half_changed(house: House) -> None:
    before, settings = content(house.url), house.file.read_text()
    took = how_long_it_takes(house)
    facts = backups.store_for(house.settings).facts()
    killed = 0
    for number in range(KILLS):
        point = took * (number + random.random()) / KILLS
        child = begin(house)
        time.sleep(point)
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        wait_until_free(house)
        if house.has_moved():  # it was quicker than the kill
            assert content(house.other) == before
            house.file.write_text(settings)
            come_back(house)
            facts = backups.store_for(house.settings).facts()
            took = point  # the machine is less busy than it was
            continue
        killed += os.WIFSIGNALED(status)
        assert house.file.read_text() == settings
        assert backups.store_for(house.settings).facts() == facts
        rename_car(house.url, before["cars"][0]["model"])  # it takes what is written
        service.end_of(house.other).check_free()
    assert killed >= KILLS // 2, "the kills came too late to show anything"
    result = house.switch()
    assert result.exit_code == 0, result.output
    assert content(house.other) == before


def how_long_it_takes(house: House) -> float:
    """Seconds for all of it; afterwards it is as if nothing had happened."""
    started, settings = time.monotonic(), house.file.read_text()
    _pid, status = os.waitpid(begin(house), 0)
    assert os.waitstatus_to_exitcode(status) == 0
    took = time.monotonic() - started
    house.file.write_text(settings)
    come_back(house)
    return took


def come_back(house: House) -> None:
    """The rows move back to where they were."""
    wait_until_free(house)
    found = service.Plan(service.end_of(house.other), house.other, service.end_of(house.url), house.url, None)
    service.switch(found)
