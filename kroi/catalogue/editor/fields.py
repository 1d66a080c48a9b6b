"""Fields of the editor: numbers and money as people write them, choices among our own words, lists as lines."""

import enum
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, TextAreaField, ValidationError
from wtforms.widgets import TextInput

from kroi.catalogue.imports.rules import numbers
from kroi.web import filters
from kroi.web.forms import SelectChoice

UNITS = frozenset({"", "€", "eur", "euro", "euros", "km", "kw", "ccm", "cm3", "g/km", "l", "l/100km"})  # may be typed
_WRONG_CHOICE: dict[str, Any] = {
    "invalid_value_message": _l("Choose one of the list."),
    "invalid_choice_message": _l("Choose one of the list."),
}


class NumberField(Field):
    """A number with `places` decimals, kept as an int of its smallest unit: 1 place of litres is decilitres."""

    widget = TextInput()

    def __init__(self, label: Any = None, *, low: int = 0, high: int, places: int = 0, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.low, self.high, self.places = low, high, places
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.shown(self.data)

    def shown(self, value: int) -> str:
        """A stored number as it stands in the field."""
        whole, rest = divmod(value, 10**self.places)
        decimals = f"{filters.decimal_mark()}{rest:0{self.places}}" if rest else ""
        return f"{filters.number(whole)}{decimals}"

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; it stays in the field as it was."""
        if not valuelist:
            return
        self.typed, self.data = valuelist[0].replace("\x00", "").strip(), None
        if not self.typed:
            return
        found = numbers.measured(self.typed)
        scaled = None if found is None or found.unit not in UNITS else found.number * 10**self.places
        if scaled is None or scaled != scaled.to_integral_value():
            raise ValueError(self._say())
        if not self.low <= scaled <= self.high:
            raise ValueError(self._say_bounds())
        self.data = int(scaled)

    def _say_bounds(self) -> str:
        low, high = self._plain(self.low), self._plain(self.high)
        return str(_("This is not between %(low)s and %(high)s.", low=low, high=high))

    def _plain(self, value: int) -> str:
        return str(value) if self.high < 10_000 else self.shown(value)

    def _say(self) -> str:
        return str(_("This is not a whole number.") if not self.places else _("This is not a number."))


class YearField(NumberField):
    """A year: a number without a thousands mark."""

    def shown(self, value: int) -> str:
        """The year as it is written."""
        return str(value)


class MoneyField(NumberField):
    """Euros and perhaps cents, kept as cents. Empty is `None`."""

    def __init__(self, label: Any = None, *, high: int, **kwargs: Any) -> None:
        super().__init__(label, high=high, places=2, **kwargs)

    def _plain(self, value: int) -> str:
        return self.shown(value)

    def _say(self) -> str:
        return str(_("This is not a price, such as 24,850."))


class ChoiceField(SelectField):
    """One of our own words, or with `empty` unknown (`None`). `words` maps values to what they are called."""

    def __init__(self, label: Any = None, *, words: Mapping[Any, Any], empty: bool = True, **kwargs: Any) -> None:
        kind: type[enum.StrEnum] = type(next(iter(words)))
        ours = [SelectChoice(value.value, word) for value, word in words.items()]
        super().__init__(
            label,
            choices=[SelectChoice("", "–"), *ours] if empty else ours,
            coerce=lambda typed: kind(typed) if typed else None,
            **_WRONG_CHOICE | kwargs,
        )


class LinesField(TextAreaField):
    """Several short texts, one a line; with `between` a blank line they may be long."""

    def __init__(
        self, label: Any = None, *, between: str = "\n", most: int = 100, each: int = 200, **kwargs: Any
    ) -> None:
        super().__init__(label, **kwargs)
        self.between, self.most, self.each = between, most, each

    def _value(self) -> str:
        return self.data if isinstance(self.data, str) else self.between.join(self.data or ())

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts, without empty ones."""
        plain = self._value().replace("\r\n", "\n").replace("\r", "\n")
        return tuple(part.strip() for part in plain.split(self.between) if part.strip())

    def pre_validate(self, form: Any) -> None:
        """Not too many, and none too long."""
        if len(self.lines) > self.most:
            raise ValidationError(_("At most %(most)s, please.", most=self.most))
        if any(len(line) > self.each for line in self.lines):
            raise ValidationError(_("Each may have %(most)s characters at most.", most=self.each))
