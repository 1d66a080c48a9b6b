"""The benchmark itself runs: servers start, load comes, figures and a page are written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.server import ROOT

PARTS = ("uncached", "queries")


@pytest.mark.server
def test_a_quick_benchmark_writes_figures_of_like_pages(tmp_path: Path) -> None:
    made = subprocess.run(
        [
            *(sys.executable, "-m", "tests.benchmarks.run", "--quick", "--cars", "600", "--out", str(tmp_path)),
            *(word for part in PARTS for word in ("--only", part)),
        ],
        cwd=ROOT, check=False, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    sections = json.loads((tmp_path / "quick.json").read_text())["engines"]["SQLite"]
    assert set(sections) == set(PARTS) and all(section["rows"] for section in sections.values())
    assert "Uncached filtered listing" in (tmp_path / "performance.md").read_text()
    reference = next(row for row in sections["uncached"]["rows"] if row["key"] == "reference/bytes")
    assert reference["note"] == "same cars and counts on 12 of 12 pages"
    assert 0.9 <= reference["low"] <= reference["high"] <= 1.1
