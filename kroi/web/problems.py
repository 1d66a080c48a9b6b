"""Errors as machines read them: "Problem Details for HTTP APIs" (RFC 9457), under /api and nowhere else."""

import json
from http import HTTPStatus

from flask import Response, request

ROOT = "/api/"
MIMETYPE = "application/problem+json"


def wanted() -> bool:
    """Was a machine's address asked, so that a page would be the wrong answer?"""
    return request.path.startswith(ROOT)


def problem(status: int, sentence: str, **more: str | None) -> Response:
    """This refusal for a machine; what is `None` is left out. Any site's script may read why it was refused."""
    body = {"type": "about:blank", "title": _title(status), "status": status, "detail": sentence}
    body |= {name: value for name, value in more.items() if value is not None}
    answer = Response(json.dumps(body, ensure_ascii=False), status, mimetype=MIMETYPE)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _title(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Error"
