"""What staff type about a visit."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField
from wtforms.validators import InputRequired, ValidationError

from kroi.core import clock
from kroi.web import place
from kroi.web.forms import Form

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class VisitForm(Form):
    """When somebody comes, in the dealership's time."""

    at = DateTimeLocalField(_l("When"), [InputRequired(_l("Give a date and a time."))], id="visit-at", format=_FORMATS)

    def validate_at(self, field: DateTimeLocalField) -> None:
        """Nobody comes in the past, or in another century."""
        if field.data is not None and not (2000 <= field.data.year < 2100 and self.starts_at() > clock.now()):
            raise ValidationError(_l("Give a time that is still to come."))

    def starts_at(self) -> datetime:
        """When it begins, in UTC. Call it on a form that was found to be in order."""
        assert self.at.data is not None
        return self.at.data.replace(tzinfo=ZoneInfo(place.current().zone)).astimezone(UTC)
