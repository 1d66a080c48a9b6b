"""How the house is built: furniture order, sizes, docstrings, one place for each thing."""

import ast
from pathlib import Path

import pytest

from tests.support import source

ROOMS = ("dealerships", "accounts", "catalogue", "leads", "analytics", "notifications", "operations", "dashboard")
FURNITURE = {  # higher may import lower, within one room
    "cli": 7, "staff": 7, "views": 7, "subscribers": 7, "access": 6, "forms": 6,
    "service": 5, "queries": 4, "words": 4, "models": 3, "events": 2, "rules": 1,
}  # fmt: skip
LONGEST = 300
SUFFIXES = {".py", ".html", ".css", ".js", ".sh", ".mako", ""}
KEPT_TIME = {"kroi/core/clock.py"}
WRITTEN = source.python_files("kroi", "tests", "migrations", "scripts")
ROOM_FILES = [path for path in source.python_files("kroi") if len(path.parts) > 2 and path.parts[1] in ROOMS]
MODULES = {".".join([*path.parts[:-1], path.stem]).removesuffix(".__init__") for path in source.python_files("kroi")}


def offences(paths: list[Path], names: set[str]) -> list[str]:
    return [f"{path}:{line} {name}" for path in paths for name, line in source.calls(path) if name in names]


def test_no_file_is_longer_than_a_person_reads() -> None:
    hand_written = [
        path
        for path in source.tracked()
        if path.suffix in SUFFIXES and "vendor" not in path.parts and path.name not in ("LICENSE",)
    ]
    long = [f"{path}: {n}" for path in hand_written if (n := source.text(path).count("\n")) > LONGEST]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    assert [
        str(path) for path in WRITTEN if source.text(path).strip() and not ast.get_docstring(source.tree(path))
    ] == []


def step(inside: list[str], *, imports: bool) -> int:
    """How high a module stands in its room; a sub-folder is a small room on the step of `service`.

    Words are read by services and may name the fields of forms: low when imported, high when importing. So is a part
    with a name of its own in a small room, which helps its queries or its service.
    """
    if inside[0] == "words" and imports:
        return FURNITURE["forms"]
    helper = FURNITURE["service"] if imports or len(inside) > 1 else FURNITURE["queries"]
    return FURNITURE.get(inside[0], helper)


def is_upwards(importer: list[str], imported: list[str]) -> bool:
    """Does a module of a room import a higher one of the same room? Both as parts below the room."""
    small = importer[0] not in FURNITURE
    if small and importer[0] == imported[0]:
        return len(importer) > 1 and len(imported) > 1 and is_upwards(importer[1:], imported[1:])
    own = step(importer, imports=True)
    if small and importer[1:] and importer[1] in FURNITURE:
        own = max(own, step(importer[1:], imports=True))  # the small room's doors stand as high as any doors
    return step(imported, imports=False) > own


@pytest.mark.parametrize("room", ROOMS)
def test_furniture_imports_downwards_only(room: str) -> None:
    wrong = []
    for path in ROOM_FILES:
        inside = [*path.parts[2:-1], *([path.stem] if path.stem != "__init__" else [])]
        if path.parts[1] != room or not inside:
            continue
        for module, line in source.imports(path):
            parts = module.split(".")
            if module not in MODULES:
                parts.pop()  # a thing in a module
            if parts[:2] == ["kroi", room] and len(parts) > 2 and is_upwards(inside, parts[2:]):
                wrong.append(f"{path}:{line} imports {module}")
    assert wrong == []


def test_the_furniture_check_sees_what_is_upside_down() -> None:
    assert is_upwards(["models"], ["queries"]) and not is_upwards(["queries"], ["models"])
    assert is_upwards(["queries"], ["notes", "service"]) and not is_upwards(["service"], ["notes", "service"])
    assert is_upwards(["notes", "service"], ["forms"]) and is_upwards(["notes", "rules"], ["notes", "models"])
    assert not is_upwards(["notes", "views"], ["notes", "service"])


def test_a_room_holds_only_known_furniture() -> None:
    odd = [str(path) for path in ROOM_FILES if len(path.parts) == 3 and path.stem not in {*FURNITURE, "__init__"}]
    assert odd == []


def test_http_is_spoken_in_pages_and_forms_only() -> None:
    below = [
        path for path in ROOM_FILES if path.stem in ("service", "queries", "models", "events") or "rules" in path.parts
    ]
    spoken = {"flask.request", "flask.g", "flask.session", "flask.render_template", "flask.redirect", "flask.abort"}
    wrong = [f"{path}:{line} {name}" for path in below for name, line in source.imports(path) if name in spoken]
    assert wrong == []


def test_no_module_is_imported_in_a_circle() -> None:
    graph = {_module(path): _inner_imports(path) for path in source.python_files("kroi")}
    assert _circle(graph) == []


def _module(path: Path) -> str:
    parts = [*path.parts[:-1], path.stem]
    return ".".join(parts[:-1] if path.stem == "__init__" else parts)


def _inner_imports(path: Path) -> set[str]:
    known = {_module(each) for each in source.python_files("kroi")}
    found = set()
    for name, _line in source.imports(path):
        found |= {name} & known or {name.rpartition(".")[0]} & known
    return found - {_module(path)}


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """One circle of imports, or nothing. Packages that only gather their parts count like any module."""
    done: set[str] = set()

    def walk(module: str, trail: list[str]) -> list[str]:
        if module in trail:
            return trail[trail.index(module) :] + [module]
        if module in done:
            return []
        for each in sorted(graph.get(module, ())):
            if found := walk(each, [*trail, module]):
                return found
        done.add(module)
        return []

    for module in sorted(graph):
        if found := walk(module, []):
            return found
    return []


def test_only_one_file_commits() -> None:
    paths = [path for path in source.python_files("kroi") if str(path) != "kroi/db/transaction.py"]
    commits = [f"{path}:{line}" for path in paths for name, line in source.calls(path) if name.endswith(".commit")]
    assert commits == []


def test_time_comes_from_the_clock() -> None:
    clocks = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "datetime.datetime.now"}
    assert offences([path for path in source.python_files("kroi") if str(path) not in KEPT_TIME], clocks) == []


def test_no_room_writes_the_dealership_filter_or_raw_sql() -> None:
    raw = {"text", "sa.text", "sqlalchemy.text", "insert", "sa.insert", "exec_driver_sql"}
    wrong = []
    for path in ROOM_FILES:
        if path.parts[1] == "operations" or path.stem == "models":
            continue  # operations dump and check the database as a whole; models describe their indexes
        named = {name for name, _line in source.imports(path) if name.startswith("sqlalchemy")}
        used = {each for each in raw if f"sqlalchemy.{each.rpartition('.')[2]}" in named or "." in each}
        wrong += offences([path], used)
        wrong += [f"{path}: exec_driver_sql" for name, _line in source.calls(path) if name.endswith("exec_driver_sql")]
        if path.parts[1] != "analytics":
            wrong += [f"{path}: dealership_id ==" for _ in range("dealership_id ==" in source.text(path))]
    assert wrong == []


def test_only_the_database_package_asks_which_database_it_is() -> None:
    asked = ("dialect.name", "is_postgresql")
    allowed = ("kroi/db/", "kroi/operations/")
    wrong = [
        str(path)
        for path in source.python_files("kroi")
        if not str(path).startswith(allowed) and any(each in source.text(path) for each in asked)
    ]
    assert wrong == []


def test_only_one_file_talks_to_the_cache() -> None:
    wrong = [
        f"{path}:{line}"
        for path in source.python_files("kroi")
        for name, line in source.imports(path)
        if name.startswith(("flask_caching", "redis")) and str(path) != "kroi/cache.py"
    ]
    assert wrong == [] or all(each.startswith("kroi/operations/") for each in wrong)


def test_the_project_names_no_path_of_a_machine() -> None:
    paths = ("/" + "root/", "/" + "home/", "/" + "work/")
    texts = [path for path in source.tracked() if path.suffix in {*SUFFIXES, ".md", ".toml", ".json", ".txt"}]
    wrong = [str(path) for path in texts if any(each in source.text(path) for each in paths)]
    assert wrong == []
