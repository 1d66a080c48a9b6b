"""systemd's unit files, read as systemd does: sections, repeated keys, `%i` and `${NAME}` in commands."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.support.source import ROOT

FOLDER = ROOT / "deploy" / "systemd"
INSTALLED = "/opt/kroi/"  # where the units expect Kroi


@dataclass(frozen=True)
class Unit:
    """One unit file: every key with all its values, by `Section.Key`."""

    name: str
    keys: dict[str, list[str]]

    def one(self, key: str) -> str:
        """The only value of this key."""
        (value,) = self.keys[key]
        return value

    def environment(self) -> dict[str, str]:
        """What `Environment=` sets."""
        lines = self.keys.get("Service.Environment", [])
        return dict(pair.split("=", 1) for line in lines for pair in shlex.split(line))

    def command(self, key: str = "Service.ExecStart", *, instance: str = "") -> list[str]:
        """A command as systemd would run it, with this instance for `%i`."""
        words = shlex.split(self.one(key).replace("%i", instance))
        known = self.environment()
        return [re.sub(r"\$\{(\w+)\}", lambda found: known[found.group(1)], word) for word in words]


def read(path: Path) -> Unit:
    """A unit file; raises ValueError for a line that is none of section, setting and comment."""
    keys: dict[str, list[str]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith(("#", ";")):
            continue
        if found := re.fullmatch(r"\[(\w+)\]", line):
            section = found.group(1)
        elif found := re.fullmatch(r"(\w+)=(.*)", line):
            keys.setdefault(f"{section}.{found.group(1)}", []).append(found.group(2))
        else:
            raise ValueError(f"{path.name}: {line}")
    return Unit(path.name, keys)


def services() -> dict[str, Unit]:
    """Every service by its file's name."""
    return {path.name: read(path) for path in sorted(FOLDER.glob("*.service"))}
