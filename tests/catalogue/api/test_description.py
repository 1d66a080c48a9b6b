"""The description of the API: made from the code, and what a machine that doubts it finds."""

import contextvars
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema

from kroi.catalogue.api import openapi, rules
from kroi.catalogue.rules import addresses
from kroi.catalogue.rules.filters import EVERYTHING, FACETS, SPANS, CarFilter
from kroi.factory import ROOT
from tests.catalogue.api.conftest import follows
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

DOCUMENT = openapi.document()


def test_it_is_served_as_it_is(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.json == DOCUMENT and answer.json["openapi"] == "3.1.0"


def test_every_shape_is_sound_json_schema() -> None:
    for shape in DOCUMENT["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **shape})


def test_every_reference_leads_somewhere() -> None:
    def walk(part: Any) -> Iterable[str]:
        if isinstance(part, dict):
            yield from ([part["$ref"]] if "$ref" in part else [])
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            yield from walk(inner)

    for reference in walk(DOCUMENT):
        found: Any = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_every_parameter_that_the_list_reads_is_described_and_no_other() -> None:
    described = {each["name"] for each in openapi.parameters()}
    read = {"q", "sort", "after", "page", *FACETS, *(f"not_{name}" for name in FACETS)}
    assert described == read | {end for ends in SPANS.values() for end in ends if end}
    assert set(rules.UNITS) == set(SPANS)
    for each in openapi.parameters():
        example = "1" if "anyOf" in each["schema"] else "n" if each["name"] != "q" else "audi"
        for branch in each["schema"].get("anyOf", ()):
            example = (branch.get("items", branch).get("enum") or [example])[0]
        if each["name"] not in ("sort", "after", "page"):
            assert addresses.read({each["name"]: [example]}).filter != EVERYTHING, each["name"]


def test_filters_are_described_as_they_are_said() -> None:
    said = DOCUMENT["components"]["schemas"]["Filters"]["properties"]
    assert set(said) == {each["name"] for each in openapi.parameters()} - {"sort", "after", "page"}
    follows("Filters", {})
    assert CarFilter() == EVERYTHING


def test_a_wrong_answer_would_be_noticed() -> None:
    for wrong in ({"total": -1}, {"vin": "x"}, {}):
        with pytest.raises(jsonschema_rs.ValidationError):
            follows("Page", wrong)
    with pytest.raises(jsonschema_rs.ValidationError):
        follows("Filters", {"fuel": ["coal"]})


def test_a_machine_that_doubts_it_finds_nothing(app: Flask, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Schemathesis with all its checks: random examples, walks from the list to its cars; on one database the edges."""
    monkeypatch.setattr(app.extensions["kroi.brake"], "per_minute", 1_000_000)
    for at in range(30):
        make_car(model=f"A{at}")
    asked: list[str] = []

    def served(environ: dict[str, Any], start_response: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        known = {**environ, "HTTP_HOST": "a.test", "HTTP_ACCEPT_ENCODING": ""}
        return contextvars.Context().run(app, known, start_response)

    said = {
        "base-url": "http://a.test",
        "generation": {"max-examples": 8, "deterministic": True, "database": "none"},
        "phases": {"coverage": {"enabled": engine == "sqlite"}},
    }
    config = SchemathesisConfig.from_dict(said)
    found = list(from_schema(schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served, config=config)).execute())
    assert [problem for event in found for problem in _problems(event)] == []
    assert len(asked) > 25 and any(path.startswith("/api/v1/cars/audi-a") for path in asked)


def _problems(event: Any) -> Iterable[str]:
    if type(event).__name__ in ("NonFatalError", "FatalError"):
        yield f"{event}"
    if getattr(event, "status", None) in (Status.FAILURE, Status.ERROR, Status.INTERRUPTED):
        by_case = event.recorder.checks.values() if hasattr(event, "recorder") else ()
        yield f"{event}: {[str(each.failure_info.failure) for case in by_case for each in case if each.failure_info]}"


def test_the_commands_of_its_page_run(client: Client) -> None:
    make_car(slug="volkswagen-golf-10234")
    text = Path(ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    paths = re.findall(r"http://127\.0\.0\.1:8000(/api/v1/[^\s'\"]*)", text)
    assert len(paths) >= 4
    for path in paths:
        assert client.get(path).status_code == 200, path
