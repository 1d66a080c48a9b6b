"""What machines can ask for, in OpenAPI 3.1: made from the facets, spans and enums that the code itself reads."""

from functools import cache
from typing import Any

from kroi.catalogue.api import schemas
from kroi.catalogue.api.rules import MOST_ASKED, ROOT, UNITS, VERSION
from kroi.catalogue.api.schemas import TEXT, Schema, ref
from kroi.catalogue.rules.filters import FACETS, SPANS, Sort
from kroi.web.problems import MIMETYPE

_ABOUT = (
    "The cars of one dealership, the one of the host that you ask. Everything here is public and the same for "
    "everybody: there is no key and no cookie, and scripts of other sites may read it. Money is in whole euros, "
    f"distance in km, power in kW, time in UTC. An address may ask {MOST_ASKED} times a minute, then 429 says for how "
    "many seconds to wait. Answers have an `ETag`: send it as `If-None-Match`, and what is unchanged is a 304."
)
_IGNORED: Schema = {"description": "Anything else is ignored, never an error."}


@cache
def document() -> Schema:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kroi: cars for machines", "version": VERSION, "description": _ABOUT},
        "paths": {
            f"{ROOT}/cars": {"get": _list()},
            f"{ROOT}/cars/{{slug}}": {"get": _details()},
            f"{ROOT}/openapi.json": {"get": _description()},
        },
        "components": {"schemas": schemas.shapes(), "responses": _problems(), "headers": _headers()},
    }


def _list() -> Schema:
    first = {"operationId": "getCar", "parameters": {"slug": "$response.body#/cars/0/slug"}}
    return {
        "operationId": "listCars",
        "summary": "The cars that match, the counts beside each choice, and the way to the next page",
        "parameters": parameters(),
        "responses": {
            "200": _answer("A page of the list.", "Page") | {"links": {"its first car": first}},
            "304": _unchanged(),
            **_refusals("429", "500", "503"),
        },
    }


def _details() -> Schema:
    slug = {"name": "slug", "in": "path", "required": True, "schema": TEXT, "description": "As lists name it."}
    moved = {"description": "The car has another address now.", "headers": {"Location": _header("The new one.")}}
    return {
        "operationId": "getCar",
        "summary": "One car; a sold one stays 30 days",
        "parameters": [slug],
        "responses": {
            "200": _answer("The car.", "CarDetails"),
            "301": moved,
            "304": _unchanged(),
            **_refusals("404", "410", "429", "500", "503"),
        },
    }


def _description() -> Schema:
    content = {"application/json": {"schema": {"type": "object", "required": ["openapi", "paths"]}}}
    ok = {"description": "OpenAPI 3.1.", "content": content, "headers": {"ETag": _reused("ETag")}}
    return {
        "operationId": "describe",
        "summary": "This description",
        "responses": {"200": ok, "304": _unchanged(), **_refusals("429", "500", "503")},
    }


def parameters() -> list[Schema]:
    """All parameters of the list, by the names that addresses have."""
    said = [_parameter("q", TEXT, "Words, as people type them into the search.")]
    for name in FACETS:
        said.append(_parameter(name, _lenient(schemas.choice(name)), "Any of these; may be repeated."))
        said.append(_parameter(f"not_{name}", _lenient(schemas.choice(name)), "None of these; may be repeated."))
    number = _lenient({"type": "integer", "minimum": 0, "maximum": 999_999_999})
    for name, ends in SPANS.items():
        said += [_parameter(end, number, UNITS.get(name, name)) for end in ends if end]
    said.append(_parameter("sort", {**_lenient(schemas.one_of(Sort)), "default": Sort.NEWEST}, "The order."))
    said.append(_parameter("after", TEXT, "Where the page before ended, as `next` says it."))
    return [*said, _parameter("page", number, "For old links: `after` is faster, and wins.")]


def _lenient(understood: Schema) -> Schema:
    return {"anyOf": [understood, _IGNORED]}


def _parameter(name: str, schema: Schema, what: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": what}


def _answer(what: str, shape: str) -> Schema:
    content = {"application/json": {"schema": ref(shape)}}
    return {"description": what, "content": content, "headers": {"ETag": _reused("ETag")}}


def _unchanged() -> Schema:
    return {"description": "It is what your `ETag` names.", "headers": {"ETag": _reused("ETag")}}


def _refusals(*statuses: str) -> Schema:
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _problems() -> Schema:
    words = {
        "404": "There is no such car.",
        "410": "It was for sale once.",
        "429": "This address asks too often.",
        "500": "We failed.",
        "503": "We cannot answer right now.",
    }
    return {status: _problem(what, waits=status in ("429", "503")) for status, what in words.items()}


def _problem(what: str, *, waits: bool) -> Schema:
    found: Schema = {"description": what, "content": {MIMETYPE: {"schema": ref("Problem")}}}
    return found | ({"headers": {"Retry-After": _reused("Retry-After")}} if waits else {})


def _headers() -> Schema:
    return {
        "ETag": _header("Names this answer."),
        "Retry-After": _header("Seconds to wait.", {"type": "integer", "minimum": 1}),
    }


def _header(what: str, schema: Schema = TEXT) -> Schema:
    return {"description": what, "required": True, "schema": schema}


def _reused(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/headers/{name}"}
