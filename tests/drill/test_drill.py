"""Two minutes of every fault there is, on the installation of the guide, while shoppers ask."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.drill import run

PATIENCE = 60.0  # seconds for a recovery on a busy machine; scripts/drill itself is stricter


@pytest.mark.server
@pytest.mark.timeout(900)
def test_no_fault_loses_or_doubles_what_was_acknowledged() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kroi-drill-"))
    folder.chmod(0o755)
    try:
        result = run.drill(folder, lambda words: None, short=True, shoppers=5)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    told = "\n".join([*(f"{each.name}: {each.row()}" for each in result.outcomes), *map(str, result.contradictions)])
    assert result.faults() == [], told
    assert [each.name for each in result.outcomes] == list(run.FAULTS)
    assert (result.balance.lost, result.balance.doubled, result.answers["wrong"]) == ([], [], 0)
    assert result.balance.acknowledged > 2 * len(run.FAULTS)
    assert max(seconds for each in result.outcomes for seconds in each.recoveries) < PATIENCE
