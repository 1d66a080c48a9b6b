"""The first font has what our pages say, so that the second one is fetched for a rare name only."""

import json
import re
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
FACES = (ROOT / "static" / "css" / "common" / "fonts.css").read_text()
SPAN = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?")
WITHOUT = {"\n", "\u202f", "₂", "→"}  # never drawn, drawn as a space, or not in the typeface at all
HEAVIEST = 20_000  # bytes: it is fetched before the first photo


def _first_face() -> set[str]:
    spans = SPAN.findall(FACES.partition("unicode-range:")[2].partition(";")[0])
    return {chr(code) for low, high in spans for code in range(int(low, 16), int(high or low, 16) + 1)}


def _words() -> str:
    """All texts of the three languages, and the names of the demo's cars."""
    said = []
    for path in sorted((ROOT / "kroi" / "translations").rglob("*.po")):
        with path.open("rb") as file:
            said += [str(part) for message in read_po(file) for part in (message.id, message.string)]
    stock = json.loads((ROOT / "kroi" / "operations" / "demo" / "stock.json").read_text())
    return "".join(said) + json.dumps(stock, ensure_ascii=False)


def test_the_first_font_has_every_letter_of_our_texts() -> None:
    assert set(_words()) - WITHOUT - _first_face() == set()


def test_the_makes_of_europe_need_no_second_font() -> None:
    assert set("Škoda Citroën Mégane Žižka Šárka Ärlig Öberg Åström Müller Groß") <= _first_face()


def test_the_first_font_is_light() -> None:
    assert (ROOT / "static" / "fonts" / "archivo-latin.woff2").stat().st_size <= HEAVIEST
