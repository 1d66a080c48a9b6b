"""The pictures themselves: always from our own address, for ever the same under one name."""

from flask import Blueprint, Response, make_response, request

from kroi.catalogue.photos.store import here
from kroi.db.tenancy import current_dealership_id

media = Blueprint("media", __name__)

_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


@media.get("/media/<path:name>")  # whatever is asked for below it: a picture, or a short no
def picture(name: str) -> Response:
    """One picture of this dealership."""
    content = here().find(current_dealership_id(), name)
    if content is None:
        return make_response("", 404, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"})
    response = make_response(content)
    response.content_type = _TYPES[name.rpartition(".")[2]]
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.set_etag(name)
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response
