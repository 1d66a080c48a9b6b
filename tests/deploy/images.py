"""deploy/Dockerfile and docker-compose.yml as data."""

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from tests.support.source import ROOT


@dataclass
class Stage:
    """One stage of the Dockerfile: what it starts from and its instructions in order."""

    name: str
    base: str
    said: list[tuple[str, str]] = field(default_factory=list)

    def all(self, verb: str) -> list[str]:
        """The arguments of each instruction of this kind."""
        return [rest for found, rest in self.said if found == verb]


@cache
def stages() -> dict[str, Stage]:
    """Every stage by its name."""
    text = re.sub(r"^#.*\n", "", (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: dict[str, Stage] = {}
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        verb, _space, rest = line.partition(" ")
        if verb == "FROM":
            base, name = rest.split(" AS ")
            found[name] = Stage(name, base)
        elif verb:
            list(found.values())[-1].said.append((verb, rest))
    return found


def inherited(name: str, verb: str) -> list[str]:
    """What a stage and those that it is built on say, nearest last."""
    stage = stages()[name]
    before = inherited(stage.base, verb) if stage.base in stages() else []
    return before + stage.all(verb)


def command(name: str) -> list[str]:
    """What a stage's image starts."""
    found: list[str] = json.loads(inherited(name, "CMD")[-1])
    return found


@cache
def compose(name: str = "docker-compose.yml") -> dict[str, Any]:
    """A compose file."""
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return found


def services() -> dict[str, dict[str, Any]]:
    """Every service by name."""
    found: dict[str, dict[str, Any]] = compose()["services"]
    return found


def filled(text: str, values: dict[str, str]) -> str:
    """A value with its variables filled in, as compose does; a KeyError for one that is required and not there."""

    def fill(found: re.Match[str]) -> str:
        name, rest = found.group(1), found.group(2) or ""
        return values.get(name) or rest.removeprefix(":-") if rest.startswith(":-") else values[name]

    return re.sub(r"\$\{(\w+)(:[-?][^}]*)?\}", fill, text)
