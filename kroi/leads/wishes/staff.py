"""The photos of shoppers' own cars, for staff only."""

from flask import Blueprint, Response, make_response
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow
from kroi.core.errors import NotFound
from kroi.leads.wishes import photos, queries

staff = Blueprint("wishes_staff", __name__, url_prefix="/staff/leads")


@staff.get("/<int:lead_id>/own-car/<int:picture_id>/<int:size>")
@allow(Permission.READ_LEADS)
def picture(lead_id: int, picture_id: int, size: int) -> Response:
    """One picture of the shopper's own car."""
    found = queries.get_photo(lead_id, picture_id)
    content = photos.find(found.digest, size) if size in photos.SIZES else None
    if content is None:
        raise NotFound(_("There is no such photo."))
    response = make_response(content)
    response.content_type = "image/webp"
    return response
