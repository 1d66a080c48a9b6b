"""The guides for whoever runs Kroi: each promise names a test that exists, each command and each file is there."""

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy import commands, images, units
from tests.support import source

pytestmark = pytest.mark.slow

GUIDES = [Path("docs", name) for name in ("deploy.md", "operations.md", "scaling.md")]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
OTHERS = {"runuser", "-u", "kroi", "--"}


def read(guide: Path) -> str:
    return source.text(guide)


def lines(guide: Path) -> Iterator[list[str]]:
    """The words of every command line in the guide's blocks, comments left out."""
    for block in re.findall(r"^```\n(.*?)^```", read(guide), re.MULTILINE | re.DOTALL):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            words = shlex.split(line, comments=True)
            if words:
                yield [word for word in words if word not in OTHERS] if words[0] == "runuser" else words


def names_in(path: Path) -> set[str]:
    """The names of a file's tests."""
    return {node.name for node in ast.walk(source.tree(path)) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("guide", GUIDES, ids=str)
def test_every_test_that_is_named_exists(guide: Path) -> None:
    missing = [f"{file}::{name}" for file, name in TEST.findall(read(guide)) if not _exists(Path(file), name)]
    assert missing == []


def _exists(file: Path, name: str) -> bool:
    return file in source.tracked() and name.startswith("test_") and name in names_in(file)


def test_every_promise_names_the_test_that_shows_it() -> None:
    rows = [
        row for row in re.findall(r"^\| (.*) \|$", read(Path("docs/operations.md")), re.MULTILINE) if row[:3] != "---"
    ]
    promises = [row for row in rows if not row.startswith("promise |")]
    assert len(promises) > 20
    assert [row for row in promises if not TEST.search(row)] == []


@pytest.mark.parametrize("guide", GUIDES, ids=str)
def test_every_command_exists(guide: Path) -> None:
    wrong = []
    for words in lines(guide):
        if "flask" in words[0]:
            wrong += commands.faults(words)
        elif words[:2] == ["docker", "compose"]:
            wrong += _compose_faults(words[2:])
        elif words[0] == "systemctl":
            wrong += [f"there is no {word}" for word in words if word.startswith("kroi-") and not _is_unit(word)]
        elif words[0].startswith(("scripts/", "deploy/")):
            wrong += [] if Path(words[0]) in source.tracked() else [f"there is no {words[0]}"]
    assert wrong == []


def _compose_faults(words: list[str]) -> list[str]:
    """Its services are ours, and what is run in them is there."""
    if "flask" in words:
        at = words.index("flask")
        return commands.faults(words[at:]) + _compose_faults(words[:at])
    named = [word for word in words[1:] if re.fullmatch(r"[a-z]+\d?", word)]
    ours = {*images.services(), "nginx", "reload"}
    return [f"there is no service {word}" for word in named if word not in ours and words[0] in ("exec", "run", "up")]


def _is_unit(name: str) -> bool:
    template = re.sub(r"@\w+", "@", name)
    found = {path.name for path in units.FOLDER.iterdir()}
    return bool({template, f"{template}.service"} & found)


@pytest.mark.parametrize("guide", GUIDES, ids=str)
def test_every_file_that_is_named_exists(guide: Path) -> None:
    linked = [link for link in re.findall(r"\]\(([^)#]+)\)", read(guide)) if "://" not in link]
    assert [link for link in linked if not (source.ROOT / "docs" / link).exists()] == []
    named = [word for words in lines(guide) for word in words if re.fullmatch(r"(deploy|scripts|docs)/[\w./@-]+", word)]
    assert [word for word in named if not (source.ROOT / word).exists() and not word.startswith("deploy/tls")] == []
