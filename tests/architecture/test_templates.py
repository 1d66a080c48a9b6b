"""Templates: no inline code, every text marked for translation, links that work without script."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support import source

TEMPLATES = [path for path in source.tracked() if path.parts[0] == "templates" and path.suffix == ".html"]
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
SPOKEN = {"alt", "title", "placeholder", "aria-label"}
BARE = re.compile(r"[^\W\d_]{2,}")
PATHS = re.compile(r"/\S*")
NAMES = {"kroi", "kw", "km", "csv", "vin", "cc", "ok", "enter"}  # the same in every language


class _Texts(HTMLParser):
    """What a person would read in a template, with Jinja taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes that people read."""
        self._silent += tag in ("script", "style", "svg")
        self.found += [value or "" for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        """Leave what nobody reads."""
        self._silent -= tag in ("script", "style", "svg")

    def handle_data(self, data: str) -> None:
        """Words between tags."""
        if not self._silent:
            self.found.append(data)


def bare_words(markup: str) -> list[str]:
    reader = _Texts()
    reader.feed(JINJA.sub(lambda part: "x0" if part.group().startswith("{{") else " ", markup))
    words = [each for text in reader.found for each in BARE.findall(PATHS.sub(" ", text))]
    return [word for word in words if word.lower() not in NAMES]


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_every_text_is_marked_for_translation(path: Path) -> None:
    assert bare_words(source.text(path)) == []


def test_the_check_itself_sees_bare_words() -> None:
    assert bare_words('<p>Hello {{ name }}</p><img alt="A car">') == ["Hello", "car"]
    assert bare_words('<p>{{ _("Hello") }}</p><img alt="{{ _("A car") }}">') == []


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_no_inline_style_or_script(path: Path) -> None:
    markup = source.text(path)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:|data-hx-on", markup)
    for opening in re.findall(r"<script[^>]*>", markup):
        assert "src=" in opening or 'type="application/ld+json"' in opening


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_what_htmx_sends_a_plain_browser_sends_too(path: Path) -> None:
    for tag in re.findall(r"<(?:a|form|button)\b(?:[^<>]|{{.*?}}|{%.*?%})*>", source.text(path), re.DOTALL):
        for sent, plain in (("data-hx-get", ("href", "action")), ("data-hx-post", ("action",))):
            wanted = re.search(rf'{sent}="((?:{{{{.*?}}}}|[^"])*)"', tag)
            if wanted:
                assert any(f'{name}="{wanted.group(1)}"' in tag for name in plain), tag
