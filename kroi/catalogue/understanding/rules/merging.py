"""What the text asks for, together with what is ticked: the text was typed just now, so it wins."""

from dataclasses import replace

from kroi.catalogue.rules.filters import FACETS, SPANS, CarFilter, Choice, Span
from kroi.catalogue.understanding.rules.meaning import Understood, understand
from kroi.catalogue.understanding.rules.names import Vocabulary


def merged(ticked: CarFilter, understood: Understood, vocabulary: Vocabulary) -> CarFilter:
    """Both, with the words that stay as `q`. Another make takes the models of the former away."""
    said = understood.filter
    if said.make.any_of and not said.model.any_of:
        ticked = replace(ticked, model=replace(ticked.model, any_of=()))
    found: dict[str, Choice | Span] = {name: _choice(ticked.choice(name), said.choice(name)) for name in FACETS}
    found |= {name: _span(ticked.span(name), said.span(name)) for name in SPANS}
    return replace(ticked, q=literal(understood.words, vocabulary), **found)  # type: ignore[arg-type]  # by field


def _choice(ticked: Choice, said: Choice) -> Choice:
    any_of = said.any_of or tuple(value for value in ticked.any_of if value not in said.none_of)
    none_of = said.none_of or tuple(value for value in ticked.none_of if value not in said.any_of)
    return Choice(any_of, none_of)


def _span(ticked: Span, said: Span) -> Span:
    """Each end for itself, unless both together would be empty."""
    low = said.low if said.low is not None else ticked.low
    high = said.high if said.high is not None else ticked.high
    return said if said and low is not None and high is not None and low > high else Span(low, high)


def literal(words: str, vocabulary: Vocabulary) -> str:
    """The words so that they stay words when the address is read again: in quotes, when they could be a filter.

    Otherwise "320d" would bring the 3 Series back that somebody has just removed.
    """
    if not words or words.startswith('"'):
        return words
    again = understand(words, vocabulary)
    if not again.filter.active() and again.sort is None and again.words == words:
        return words
    return exact(words)


def exact(words: str) -> str:
    """In quotes: to be looked for as they are."""
    plain = " ".join(words.replace('"', " ").split())
    return f'"{plain}"' if plain else ""


def is_exact(words: str) -> bool:
    """Do all the words stand in quotes?"""
    return words.startswith('"') and words.endswith('"') and words.count('"') == 2
