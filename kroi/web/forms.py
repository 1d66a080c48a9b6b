"""Forms end where the business begins: they read what was typed, say what is wrong, and hand data over."""

from collections.abc import Mapping
from typing import Any, Self

import wtforms
from flask import request
from flask_babel import get_translations, gettext
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms.fields.choices import SelectChoice as SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from kroi.core.text import meant


class _Translations:
    """WTForms' own messages through our catalogues."""

    def gettext(self, words: str) -> str:
        """One message."""
        return str(gettext(words))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """A message with a number."""
        return str(get_translations().ungettext(singular, plural, n))


class Form(wtforms.Form):
    """The base of all forms. Strips what is typed; fields it does not have are ignored."""

    class Meta(wtforms.meta.DefaultMeta):
        """Strip text, translate messages."""

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Add a filter that strips typed and chosen text, passwords excepted: they count as typed."""
            filters, kind = list(unbound_field.kwargs.get("filters", [])), unbound_field.field_class
            if issubclass(kind, (wtforms.StringField, wtforms.SelectField)) and kind is not wtforms.PasswordField:
                filters.append(_strip)
            return unbound_field.bind(form=form, filters=filters, **options)

        def get_translations(self, form: Any) -> Any:
            """Our catalogues."""
            return _Translations()

    @classmethod
    def submitted(cls, **kwargs: Any) -> Self:
        """The form as this request sent it. Files reach only the fields that take files."""
        return cls(CombinedMultiDict([request.form, _files(cls)]), **kwargs)

    @classmethod
    def asked(cls, **kwargs: Any) -> Self:
        """The form as the address says it (GET)."""
        return cls(request.args, **kwargs)

    def mistakes(self, *, named: bool = False) -> list[tuple[str, str]]:
        """Every message with the id of its field, for the summary on top; `named`: begun with the field's label."""
        found = [(self[name], message) for name, messages in self.errors.items() if name for message in messages]
        return [(field.id, f"{field.label.text}: {message}" if named else str(message)) for field, message in found]


def _files(form: type[Form]) -> MultiDict[str, Any]:
    """What was uploaded for the file fields: a file sent in a text's place would break the text's field."""
    takes = {name for name in dir(form) if issubclass(_kind(getattr(form, name)), wtforms.FileField)}
    return MultiDict((name, file) for name, file in request.files.items(multi=True) if name in takes)


def _kind(attribute: object) -> type:
    return getattr(attribute, "field_class", object)


def _strip(value: object) -> object:
    return meant(value).strip() if isinstance(value, str) else value


def typed(form: Mapping[str, str], name: str) -> str:
    """One posted text, stripped, or empty."""
    return meant(form.get(name, "")).strip()
