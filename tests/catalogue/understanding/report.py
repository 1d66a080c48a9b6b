"""Prints how well and how fast labelled queries are understood, and writes it into docs/search.md."""

import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from kroi.catalogue.imports.rules import makes
from kroi.catalogue.understanding.rules import Model, Vocabulary, understand
from kroi.core.text import slug
from tests.catalogue.understanding import figures, labels
from tests.catalogue.understanding.figures import Figures
from tests.catalogue.understanding.labels import Labelled

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "search.md"
NAMES = {"fi": "Finnish", "en": "English", "sv": "Swedish", "de": "German"}
PARTS = {labels.OPEN: "open", labels.KEPT_ASIDE: "kept aside"}


def main(arguments: Sequence[str]) -> None:
    """Measure, print, write. The queries kept aside are only read with `--kept-aside`."""
    parts = [labels.OPEN, *([labels.KEPT_ASIDE] if "--kept-aside" in arguments else [])]
    for part in parts:
        table = "\n".join(_table(part))
        print(f"{PARTS[part]}\n{table}\n")  # noqa: T201
        _write(part, table)
    speed = "\n".join(_speed())
    print(speed)  # noqa: T201
    _write("speed", speed)


def _table(part: str) -> Iterator[str]:
    yield "| language | queries | precision | recall | F1 | remaining words as labelled |"
    yield "|---|--:|--:|--:|--:|--:|"
    known = figures.vocabulary()
    every: list[Labelled] = []
    for language in labels.LANGUAGES:
        queries = labels.queries(part, language)
        every += queries
        yield _row(NAMES[language], figures.measure(queries, known))
    yield _row("**all**", figures.measure(every, known))


def _row(name: str, found: Figures) -> str:
    shares = (found.precision, found.recall, found.f1, found.rests / max(found.queries, 1))
    return f"| {name} | {found.queries} | " + " | ".join(f"{share:.3f}" for share in shares) + " |"


def _speed() -> Iterator[str]:
    yield "| stock | models | median | 95 of 100 | slowest |"
    yield "|---|--:|--:|--:|--:|"
    everything = sorted({(make, model) for make in makes.make_spellings().values() for model in _models_of(make)})
    all_models = [Model(make, slug(make), name, slug(name)) for make, name in everything if slug(name)]
    for name, known in (
        ("of the labels", figures.vocabulary()),
        ("every model that imports know", Vocabulary(all_models, figures.YEAR)),
    ):
        times = sorted(_times(known))
        chosen = (times[len(times) // 2], times[len(times) * 95 // 100], times[-1])
        yield f"| {name} | {len(known.models)} | " + " | ".join(f"{each:.2f} ms" for each in chosen) + " |"


def _models_of(make: str) -> set[str]:
    return set(makes.model_spellings(make).values())


def _times(known: Vocabulary) -> Iterator[float]:
    """Milliseconds of processor time for each open query, read for the first time."""
    understand("volvo", known)
    for query in (query for language in labels.LANGUAGES for query in labels.queries(labels.OPEN, language)):
        begun = time.process_time()
        understand(query.text, known)
        yield (time.process_time() - begun) * 1000


def _write(name: str, table: str) -> None:
    marks = f"<!-- {name} -->", f"<!-- end of {name} -->"
    text = DOCUMENT.read_text(encoding="utf-8")
    whole = re.compile(re.escape(marks[0]) + ".*?" + re.escape(marks[1]), re.DOTALL)
    DOCUMENT.write_text(whole.sub(lambda _old: f"{marks[0]}\n{table}\n{marks[1]}", text), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
