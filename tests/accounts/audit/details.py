"""Every detail that the code writes into the audit beside a deed, read out of the code itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.accounts.audit import deeds


@dataclass(frozen=True)
class Detail:
    """A detail of a deed (`visit.*`: of each that begins so). `coded`: its value is one of an enumeration."""

    deed: str
    name: str
    coded: bool


def written() -> tuple[set[Detail], set[str]]:
    """Details whose names stand in the code, and deeds with some that are only known when they are done."""
    found: set[Detail] = set()
    unread: set[str] = set()
    for call in deeds._calls():
        for deed in deeds._values(call.deed, call.around):
            for name, value in _pairs(call):
                if name is None:
                    unread.add(deed)
                else:
                    found.add(Detail(deed, name, _is_coded(value, call.around)))
    return found, unread


Pair = tuple[str | None, ast.expr]


def _pairs(call: deeds.Call) -> Iterator[Pair]:
    """Names and values of what a call hands over as details; no name: not to be read here."""
    given = [each for each in call.call.keywords if each.arg in ("details", None)]
    for keyword in given:
        yield from _of(keyword.value, call.around)
    named = [each for each in call.call.keywords if each.arg not in ("details", None, "person_id", "sealed")]
    yield from ((each.arg, each.value) for each in named)
    if not given and not ast.unparse(call.call.func).startswith("audit.record"):
        for extra in call.call.args[1:]:
            if isinstance(extra, (ast.Dict, ast.BinOp)) or _given(extra, call.around):
                yield from _of(extra, call.around)


def _of(said: ast.expr, around: ast.FunctionDef) -> Iterator[Pair]:
    match said:
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
                else:
                    yield from _of(value, around) if key is None else [(None, value)]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from (*_of(left, around), *_of(right, around))
        case ast.Call(func=ast.Name(id="dict"), args=[one]):
            yield from _of(one, around)
        case _ if found := _given(said, around):
            yield from (pair for each in found for pair in _of(each, around))
        case _:
            yield None, said


def _given(name: ast.expr, around: ast.FunctionDef) -> list[ast.expr]:
    """Dictionaries that the function gives this name."""
    if not isinstance(name, ast.Name):
        return []
    lines = [each for each in ast.walk(around) if isinstance(each, (ast.Assign, ast.AnnAssign)) and each.value]
    targets = [(each.targets if isinstance(each, ast.Assign) else [each.target], each.value) for each in lines]
    return [
        value for names, value in targets
        if isinstance(value, (ast.Dict, ast.BinOp)) and any(deeds._is_named(one, name.id) for one in names)
    ]  # fmt: skip


def _is_coded(value: ast.expr, around: ast.FunctionDef) -> bool:
    return isinstance(value, ast.Attribute) and value.attr == "value"
