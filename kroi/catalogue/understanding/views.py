"""What is suggested while somebody types: the same for everybody."""

from flask import Blueprint, Response, make_response, render_template, request

from kroi.catalogue.understanding import shown
from kroi.catalogue.understanding.rules import typing
from kroi.web import pages
from kroi.web.urls import url_for

shop = Blueprint("searching", __name__)


@shop.get("/cars/suggestions")
@pages.kept(reads=typing.canonical)
def suggest() -> Response:
    """The options below the search box; nothing when nothing comes to mind."""
    text = typing.typed(request.query_string.decode("latin-1"))
    found = shown.suggestions(text, url_for("catalogue.browse"))
    response = make_response(render_template("catalogue/_suggestions.html", suggestions=found))
    response.headers["X-Robots-Tag"] = "noindex"
    return response
