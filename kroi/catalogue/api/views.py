"""What machines ask about cars. They read what the pages read: the same filters, the same counts, the same order."""

import json

from flask import Blueprint, Response, request

from kroi.catalogue import forms
from kroi.catalogue.api import openapi, rules, shown
from kroi.catalogue.changes.late import from_replica
from kroi.catalogue.detail import queries as detail
from kroi.catalogue.detail.views import get_shown
from kroi.catalogue.rules import addresses
from kroi.catalogue.understanding import service as searching
from kroi.web import limits, pages
from kroi.web.urls import url_for

api = Blueprint("api", __name__, url_prefix=rules.ROOT)
api.before_request(limits.refuse_the_late)


@api.get("/cars")
@pages.kept(reads=addresses.canonical)
@from_replica
def browse() -> Response:
    """The cars that match, with the counts beside each choice; a page at a time."""
    found = searching.browse(forms.asked(), advice=False)
    return _json(shown.page(found, url_for(".browse")))


@api.get("/cars/<slug>", endpoint="show")
@pages.kept()
@from_replica
def show_car(slug: str) -> Response:
    """One car. A former address leads to the one of today; of a car that is no longer for sale little is left."""
    car = get_shown(slug)
    pages.keep([car.id])
    return _json(shown.car(car, detail.list_photos(car.id)))


@api.get("/openapi.json", endpoint="openapi")
def describe() -> Response:
    """What can be asked here and what is answered, in OpenAPI 3.1."""
    return _json(openapi.document())


@api.after_request
def _open(answer: Response) -> Response:
    """Public facts, the same for everybody: any site's script may read them, without cookies."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        answer.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        answer.headers["Access-Control-Max-Age"] = str(rules.PREFLIGHT_LASTS)
    return answer


def _json(answer: shown.Json) -> Response:
    """A sale shows within a second, so caches ask each time; unchanged it is a 304."""
    response = Response(json.dumps(answer, ensure_ascii=False, separators=(",", ":")), mimetype="application/json")
    response.headers["Cache-Control"] = "public, no-cache"
    return response
