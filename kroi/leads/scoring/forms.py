"""What may be typed about scores: points of a draft, a score set by hand."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from kroi.leads.scoring.rules import RULE_SET_1, RuleSet
from kroi.leads.scoring.rules.drafts import MOST
from kroi.leads.scoring.service import MOST_REASON
from kroi.leads.scoring.words import WORDS
from kroi.web.forms import Form

CODES = ("start", *RULE_SET_1.points)
_NOT_POINTS = _l("Points are whole numbers from −100 to 100.")


def _points(code: str) -> IntegerField:
    checks = [InputRequired(_NOT_POINTS), NumberRange(-MOST, MOST, _NOT_POINTS)]
    return IntegerField(WORDS[code], checks)


class _Draft(Form):
    """A field for each line of the rules, named by its code."""

    def points(self) -> dict[str, int]:
        """What was typed, by code."""
        return {code: self[code].data for code in CODES}


DraftForm: type[_Draft] = type("DraftForm", (_Draft,), {code: _points(code) for code in CODES})


def draft_form(rules: RuleSet) -> _Draft:
    """The form, filled with these rules."""
    said: Mapping[str, int] = {"start": rules.start, **rules.points}
    return DraftForm(data=said)


class PinForm(Form):
    """A score set by hand."""

    score = IntegerField(
        _l("Score"),
        [
            InputRequired(_l("A score is a whole number from 0 to 100.")),
            NumberRange(0, 100, _l("A score is a whole number from 0 to 100.")),
        ],
    )
    reason = TextAreaField(
        _l("Why?"),
        [
            DataRequired(_l("Say why the score is set by hand.")),
            Length(max=MOST_REASON, message=_l("That is too long.")),
        ],
    )
