"""Who types what our own pages call a thing is understood, in every language that the pages speak."""

import pytest

from kroi.catalogue import words
from kroi.catalogue.understanding.rules import understand
from kroi.web import catalogues, place
from tests.catalogue.understanding import figures

SAID = [
    (facet, value, str(label._args[0]))
    for facet, labels in words.VALUES.items()
    for value, label in labels.items()
    if facet != "status" and value != "other"
]


@pytest.mark.parametrize("language", place.LANGUAGES)
def test_what_a_choice_is_called_is_understood(language: str) -> None:
    known, spoken = figures.vocabulary(), catalogues.translations(language)
    said = {(facet, value): str(spoken.ugettext(text)) for facet, value, text in SAID}
    lost = {asked: name for asked, name in said.items() if asked not in figures.pairs(understand(name, known))}
    assert len(said) > 30 and lost == {}
