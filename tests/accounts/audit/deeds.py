"""Every deed that the code writes into the audit, read out of the code itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[3] / "kroi"


@dataclass(frozen=True)
class Call:
    """One call that writes an entry: where, what it hands over as the deed, the function around it, and itself."""

    where: str
    deed: ast.expr
    around: ast.FunctionDef
    call: ast.Call


def written() -> tuple[set[str], set[str], list[str]]:
    """Deeds, beginnings of deeds whose end is only known when they are done, and places this cannot read."""
    deeds: set[str] = set()
    beginnings: set[str] = set()
    unread: list[str] = []
    for call in _calls():
        found = _values(call.deed, call.around)
        deeds |= {each for each in found if not each.endswith("*")}
        beginnings |= {each.removesuffix("*") for each in found if each.endswith("*")}
        unread += [] if found else [call.where]
    return deeds, beginnings, unread


Known = dict[tuple[Path | None, str], int]


def _calls() -> Iterator[Call]:
    """Calls of `audit.record`, and of the functions that hand their own `action` on to it."""
    functions = [(path, each) for path in HOUSE.rglob("*.py") for each in _functions(path)]
    known: Known = {}
    while more := {_known_as(*each): _takes(each[1]) for each in functions if _hands_on(*each, known)}:
        if more == known:
            break
        known = more
    for path, function in functions:
        for call in _calls_in(function):
            deed = _deed(path, call, known)
            if deed is not None and not (_hands_on(path, function, known) and _is_named(deed, "action")):
                yield Call(f"{path.relative_to(HOUSE)}:{call.lineno}", deed, function, call)


def _known_as(path: Path, function: ast.FunctionDef) -> tuple[Path | None, str]:
    return (path if function.name.startswith("_") else None, function.name)


def _takes(function: ast.FunctionDef) -> int:
    """The place of `action` among what a function takes, or -1."""
    return next((at for at, arg in enumerate(function.args.args) if arg.arg == "action"), -1)


def _hands_on(path: Path, function: ast.FunctionDef, known: Known) -> bool:
    deeds = [_deed(path, call, known) for call in _calls_in(function)]
    return _takes(function) >= 0 and any(deed is not None and _is_named(deed, "action") for deed in deeds)


def _deed(path: Path, call: ast.Call, known: Known) -> ast.expr | None:
    """What the call hands over as the deed; `None` when it writes nothing."""
    name = _aliases(path).get(_name(call), _name(call))
    at = 0 if _is_record(call) else known.get((None, name), known.get((path, name), -1))
    return call.args[at] if 0 <= at < len(call.args) else None


def _values(deed: ast.expr, around: ast.FunctionDef) -> set[str]:
    match deed:
        case ast.Constant(value=str(word)):
            return {word}
        case ast.IfExp(body=one, orelse=other):
            return _values(one, around) | _values(other, around)
        case ast.JoinedStr(values=[ast.Constant(value=str(begin)), *_]):
            return {f"{begin}*"}
        case ast.Name(id=name):
            given = [each.value for each in ast.walk(around) if isinstance(each, ast.Assign) and _gives(each, name)]
            return {word for each in given for word in _values(each, around)}
    return set()


def _functions(path: Path) -> list[ast.FunctionDef]:
    return [each for each in ast.walk(_tree(path)) if isinstance(each, ast.FunctionDef)]


@cache
def _aliases(path: Path) -> dict[str, str]:
    imports = [each for each in ast.walk(_tree(path)) if isinstance(each, ast.ImportFrom)]
    return {name.asname: name.name for each in imports for name in each.names if name.asname}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _calls_in(function: ast.FunctionDef) -> list[ast.Call]:
    return [each for each in ast.walk(function) if isinstance(each, ast.Call) and each.args]


def _is_record(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "audit.record"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_named(deed: ast.expr, name: str) -> bool:
    return isinstance(deed, ast.Name) and deed.id == name


def _gives(line: ast.Assign, name: str) -> bool:
    return any(_is_named(target, name) for target in line.targets)


def kinds() -> set[str]:
    """Kinds of things that entries are about, where the code says them."""
    calls = [call for path in HOUSE.rglob("*.py") for each in _functions(path) for call in _calls_in(each)]
    said = [call.args[1] for call in calls if _is_record(call) and len(call.args) > 1]
    return {kind.value for kind in said if isinstance(kind, ast.Constant) and isinstance(kind.value, str)}
