"""The machine and the versions that figures belong to. No names of hosts."""

import os
import platform
import re
import sqlite3
import subprocess
from importlib.metadata import version
from pathlib import Path

from tests.support.postgres import BIN
from tests.support.server import ROOT

_PACKAGES = ("granian", "flask", "jinja2", "sqlalchemy", "psycopg", "pyroaring")


def machine() -> dict[str, str]:
    """Processor, cores, memory, kernel."""
    told = Path("/proc/cpuinfo").read_text()
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    model = re.search(r"model name\s*:\s*(.+)", told)
    return {
        "processor": model[1].strip() if model else platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory[1]) / 1e6:.0f} GB" if memory else "",
        "kernel": re.sub(r"^(\d+\.\d+).*", r"\1", platform.release()),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def versions() -> dict[str, str]:
    """Of what was running."""
    postgres = subprocess.run([BIN / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    return {
        "kroi": _commit(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgres.split()[2],
        **{name: version(name) for name in _PACKAGES},
    }


def _commit() -> str:
    made = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, check=False, capture_output=True)
    return made.stdout.decode().strip() or "unknown"
