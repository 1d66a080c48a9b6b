"""What staff may type about a car."""

import re
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Optional

from kroi.catalogue import words
from kroi.catalogue.editor.fields import ChoiceField, LinesField, MoneyField, NumberField, YearField
from kroi.catalogue.rules import Condition
from kroi.catalogue.rules import facts as facts_rules
from kroi.catalogue.rules.facts import Facts
from kroi.catalogue.rules.prices import MOST_CENTS
from kroi.dealerships.rules import Profile
from kroi.web.forms import Form, SelectChoice

_MAIN = "0"  # the main place
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}", re.ASCII)
_SAME = tuple(  # facts whose field holds them as they are
    name
    for name in facts_rules.NAMES
    if name not in facts_rules.LONG | {"make", "model", "trim", "vin", "plate", "category"}
)


class NewCarForm(Form):
    """The few things a draft begins with."""

    make = StringField(_l("Make"), [DataRequired(_l("Type the make.")), Length(max=60)])
    model = StringField(_l("Model"), [DataRequired(_l("Type the model.")), Length(max=80)])
    trim = StringField(_l("Version"), [Length(max=200)])
    model_year = YearField(_l("Model year"), low=1886, high=2100)
    mileage_km = NumberField(_l("Mileage, km"), high=9_999_999)
    price = MoneyField(_l("Price, €"), high=MOST_CENTS)

    def facts(self) -> Facts:
        """The draft's facts."""
        return Facts(
            make=self.make.data or "",
            model=self.model.data or "",
            trim=self.trim.data or "",
            model_year=self.model_year.data,
            mileage_km=self.mileage_km.data,
        )


class PriceForm(Form):
    """Another price; empty or 0 is on request."""

    price = MoneyField(_l("Price, €"), high=MOST_CENTS)
    was = HiddenField()
    """The price in cents that whoever types has seen; empty where nobody looked first."""


class CarForm(NewCarForm):
    """Everything that is written down about a car. `seen` says how it stood when the form was shown."""

    seen = HiddenField()
    body = ChoiceField(_l("Body"), words=words.BODIES)
    condition = ChoiceField(_l("Condition"), words=words.CONDITIONS, empty=False, default=Condition.USED)
    first_registration = DateField(_l("First registration"), [Optional()])
    vin = StringField(_l("VIN"), [Optional()])
    plate = StringField(_l("Plate"), [Length(max=16)])
    owners = NumberField(_l("Owners before"), high=99)
    colour = ChoiceField(_l("Colour"), words=words.COLOURS)
    doors = NumberField(_l("Doors"), low=1, high=9)
    seats = NumberField(_l("Seats"), low=1, high=99)
    category = StringField(_l("Category"), [Length(max=60)])
    featured = BooleanField(_l("Show it first on the home page"))
    arriving = BooleanField(_l("Not in the yard yet"))
    arriving_on = DateField(_l("Arrives on"), [Optional()])
    vat = ChoiceField(_l("VAT"), words=words.VATS)
    cost_cents = MoneyField(_l("Cost, €"), high=MOST_CENTS)
    acquired_on = DateField(_l("Bought on"), [Optional()])
    fuel = ChoiceField(_l("Fuel"), words=words.FUELS)
    transmission = ChoiceField(_l("Gearbox"), words=words.TRANSMISSIONS)
    drive = ChoiceField(_l("Drive"), words=words.DRIVES)
    power_kw = NumberField(_l("Power, kW"), low=1, high=3000)
    displacement_ccm = NumberField(_l("Displacement, cm³"), low=1, high=30_000)
    co2_g_km = NumberField(_l("CO₂, g/km"), high=1500)
    consumption_dl_100km = NumberField(_l("Consumption, l/100 km"), high=999, places=1)
    features = LinesField(_l("Features"), most=200)
    paragraphs = LinesField(_l("Description"), between="\n\n", most=60, each=4000)
    specifications = LinesField(_l("Further facts"), most=100, each=300)
    location = SelectField(_l("Where it stands"), validate_choice=False, choices=[])

    def offer(self, profile: Profile, location_id: int | None = None) -> Self:
        """Let people say where the car stands, once there are several places; it is at `location_id` now."""
        if not profile.locations:
            del self.location
            return self
        places = [(_MAIN, profile.name), *((str(each.id), each.name) for each in profile.locations)]
        self.location.choices = [SelectChoice(*each) for each in places]
        if not self.location.raw_data:
            self.location.data = str(location_id or _MAIN)
        return self

    def location_id(self) -> int | None:
        """Where it stands; `None` is the main place."""
        typed = self.location.data
        return None if typed == _MAIN else int(typed)

    def validate_location(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in {value for value, *_more in field.iter_choices()}:
            raise ValidationError(_("Choose one of the list."))

    @classmethod
    def of(cls, facts: Facts, price_cents: int, seen: str) -> Self:
        """The form as the car stands."""
        data: dict[str, Any] = {name: getattr(facts, name) for name in facts_rules.NAMES}
        data["specifications"] = tuple(f"{label}: {value}" for label, value in facts.specifications)
        return cls(data=data | {"price": price_cents or None, "seen": seen})

    def validate_vin(self, field: StringField) -> None:
        """Seventeen characters, never I, O or Q."""
        typed = _compact(field.data)
        if typed and len(typed) != 17:
            raise ValidationError(_("%(count)s characters, it should be 17.", count=len(typed)))
        if typed and not _VIN.fullmatch(typed):
            raise ValidationError(_("A VIN has only digits and letters, never I, O or Q."))

    def validate_specifications(self, field: LinesField) -> None:
        """Each line is a label and a value."""
        for line in field.lines:
            label, _colon, value = line.partition(":")
            if not label.strip() or not value.strip():
                raise ValidationError(_("Write each as “label: value”: %(line)s", line=line[:40]))

    def facts(self) -> Facts:
        """What was typed, as the business knows it."""
        return Facts(
            **{name: self[name].data for name in _SAME},
            make=self.make.data or "",
            model=self.model.data or "",
            trim=self.trim.data or "",
            vin=_compact(self.vin.data) or None,
            plate=(self.plate.data or "").upper() or None,
            category=self.category.data or None,
            features=self.features.lines,
            paragraphs=self.paragraphs.lines,
            specifications=tuple(_pair(line) for line in self.specifications.lines),
        )


def _compact(typed: str | None) -> str:
    return "".join((typed or "").split()).upper()


def _pair(line: str) -> tuple[str, str]:
    label, _colon, value = line.partition(":")
    return label.strip(), value.strip()
