"""Nothing is left out silently: a skip fails, and tests on real data are counted."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

_left_out: set[str] = set()
_read: set[str] = set()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they need; without KROI_TEST_DATA those on real data are left out, but never in CI."""
    for item in items:
        _mark(item)
    real = [item for item in items if item.get_closest_marker("real_data")]
    if not real or os.environ.get("KROI_TEST_DATA"):
        return
    if os.environ.get("CI"):
        raise pytest.UsageError("set KROI_TEST_DATA: the tests on real data must run here")
    _left_out.update(item.nodeid for item in real)
    items[:] = [item for item in items if item not in real]
    config.hook.pytest_deselected(items=real)


def _mark(item: pytest.Item) -> None:
    needs = getattr(item, "fixturenames", ())
    for marker, fixtures in {
        "real_data": ("real_data",),
        "browser": ("chromium", "open_page"),
        "server": ("make_server", "demo", "valkey_server"),
    }.items():
        if any(name in needs for name in fixtures):
            item.add_marker(marker)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A skipped test is a failed one."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, which proves nothing: {report.longrepr}"


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """So is a skipped file."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped, which proves nothing: {report.longrepr}"


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note each test on real data that passed."""
    if report.when == "call" and report.passed and "real_data" in report.keywords:
        _read.add(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells what it left out; the first process writes down which tests read real data."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = sorted(_left_out)
    elif path := os.environ.get("KROI_REAL_DATA_REPORT"):
        Path(path).write_text("".join(f"{each}\n" for each in sorted(_read)), encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Hear what a worker left out."""
    _left_out.update(getattr(node, "workeroutput", {}).get("left_out", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was tested on real data, or was not."""
    if _left_out:
        terminalreporter.write_line(
            f"{len(_left_out)} tests on real data were not run: set KROI_TEST_DATA to the folder that holds it.",
            red=True,
            bold=True,
        )
    elif _read:
        terminalreporter.write_line(f"{len(_read)} tests read real data.")


@pytest.fixture
def real_data() -> Path:
    """Where real stock and listings lie."""
    return Path(os.environ["KROI_TEST_DATA"])
