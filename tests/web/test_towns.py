"""Where a dealership is, as people say it in its language."""

import pytest
from flask import Flask

from kroi.web.place import Place, speaking
from kroi.web.towns import in_town


@pytest.mark.parametrize(
    ("language", "city", "said"),
    [
        ("fi", "Espoo", "Espoossa"),
        ("fi", "Tampere", "Tampereella"),
        ("fi", "Port Kilmara", "paikkakunnalla Port Kilmara"),
        ("sv", "Espoo", "i Esbo"),
        ("sv", "Port Kilmara", "i Port Kilmara"),
        ("en", "Espoo", "in Espoo"),
    ],
)
def test_a_town_is_said_as_its_language_does(app: Flask, language: str, city: str, said: str) -> None:
    with speaking(Place(language)):
        assert in_town(city) == said
