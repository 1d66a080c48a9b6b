"""Machines that ask."""

from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask

from kroi.catalogue.api import openapi
from tests.support.client import Client

Ask = Callable[..., Any]


def follows(shape: str, answer: object) -> None:
    """The answer is what our own description says that it is."""
    described = {"$ref": f"#/components/schemas/{shape}", "components": openapi.document()["components"]}
    jsonschema_rs.Draft202012Validator(described, validate_formats=True).validate(answer)


@pytest.fixture(autouse=True)
def _nobody_asked_before(request: pytest.FixtureRequest) -> None:
    if "engine" in request.fixturenames:
        request.getfixturevalue("app").extensions["kroi.brake"].table.forget()


@pytest.fixture
def ask(client: Client, app: Flask) -> Ask:
    """Asks the API, and answers with what it said; every answer follows the description."""

    def get(path: str, status: int = 200) -> Any:
        answer = client.get(f"/api/v1{path}")
        assert answer.status_code == status, answer.text
        shape = ("Page" if path.partition("?")[0] == "/cars" else "CarDetails") if status == 200 else "Problem"
        follows(shape, answer.json)
        return answer.json

    return get
