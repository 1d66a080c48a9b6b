"""The Nu HTML checker, asked about many pages in one call, since each call starts a Java machine."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts.test_tools import CHECKER


def faults(pages: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """What the checker says against each page (name to HTML); pages without a fault are left out."""
    if not CHECKER.exists():
        pytest.fail("the Nu HTML checker is missing: scripts/test fetches it")
    for name, markup in pages.items():
        (folder / f"{name}.html").write_text(markup, encoding="utf-8")
    files = sorted(str(path) for path in folder.glob("*.html"))
    ran = subprocess.run(
        ["java", "-Xss1m", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always", *files],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for message in json.loads(ran.stderr)["messages"]:
        if message["type"] != "info" or message.get("subType") == "warning":
            name = Path(message["url"]).stem
            found.setdefault(name, []).append(f"{message['message']} … {message.get('extract', '')[:120]}")
    return found
