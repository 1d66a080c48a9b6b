"""The project's own source as tests look at it."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks or would track, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = listed.stdout.decode().split("\0")
    return tuple(sorted({Path(name) for name in names if name and (ROOT / name).is_file()}))


def python_files(*folders: str) -> list[Path]:
    """Tracked Python files below these folders."""
    return [path for path in tracked() if path.suffix == ".py" and path.parts[0] in folders]


def text(path: Path) -> str:
    """A file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(text(path), str(path))


def calls(path: Path) -> list[tuple[str, int]]:
    """Dotted names of what a file calls, with line numbers."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            found.append((dotted(node.func), node.lineno))
    return found


def dotted(node: ast.expr) -> str:
    """`a.b.c` for an expression of names and attributes; other parts become empty."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imports(path: Path) -> list[tuple[str, int]]:
    """Dotted names of the modules, or of the things in them, that a file imports, with line numbers."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(each.name, node.lineno) for each in node.names]
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [(f"{node.module}.{each.name}", node.lineno) for each in node.names]
    return found
