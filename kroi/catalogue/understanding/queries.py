"""What the dealership's stock is called: makes, models and the words of its texts, kept until they change."""

import time
from dataclasses import dataclass
from functools import cached_property

from kroi.catalogue.index import service as indexes
from kroi.catalogue.understanding.rules import Model, Vocabulary
from kroi.catalogue.understanding.rules.forms import Slips
from kroi.core import clock
from kroi.core.text import fold
from kroi.db.tenancy import current_dealership_id

_LATE = 60.0  # seconds that names may be old while there is no index
_SHORTEST = 4  # letters of a word that may be a slip


@dataclass(frozen=True)
class Known:
    """The stock's names, ready to be looked up, and the words of its texts."""

    stock: indexes.Vocabulary
    names: Vocabulary
    at: float
    """When it was read (monotonic seconds)."""

    @cached_property
    def _joined(self) -> str:
        return "\n".join(self.stock.tokens)

    @cached_property
    def _slips(self) -> Slips:
        return Slips(token for token in self.stock.tokens if len(token) >= _SHORTEST and token.isalpha())

    def corrected(self, words: str) -> str:
        """The words, those that no text holds replaced by the closest that one holds."""
        return " ".join(self._corrected(word) for word in words.split())

    def _corrected(self, word: str) -> str:
        folded = fold(word)
        if not self.stock.tokens or folded in self._joined:
            return word
        return self._slips.meant(folded) or word


_known: dict[int, Known] = {}


def get_known() -> Known:
    """What the dealership's cars on sale are called."""
    mine, now, year = current_dealership_id(), time.monotonic(), clock.now().year
    found, index = _known.get(mine), indexes.current()
    if found and index is None and now - found.at < _LATE:
        return found
    stock = index.vocabulary() if index else indexes.vocabulary()
    if found is None or found.stock is not stock or found.names.year != year:
        models = _models(stock)
        same = found is not None and found.names.models == models and found.names.year == year
        names = found.names if found is not None and same else Vocabulary(models, year)
        found = _known[mine] = Known(stock, names, now)
    return found


def forget_everything() -> None:
    """The database is another one now."""
    _known.clear()


def _models(stock: indexes.Vocabulary) -> tuple[Model, ...]:
    makes = {one.value: one.label for one in stock.makes}
    pairs = ((model, make) for model in stock.models for make in model.makes)
    found = (Model(makes.get(make, make), make, model.label, model.value) for model, make in pairs if model.value)
    return tuple(sorted(found, key=lambda model: (model.make_slug, model.slug)))
