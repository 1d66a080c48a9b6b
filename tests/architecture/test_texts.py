"""Texts: all are marked, and the Finnish and Swedish catalogues hold each of them, in step and in our tone."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from kroi.web import catalogues as spoken
from scripts import catalogues
from tests.support import source

pytestmark = pytest.mark.slow

TEMPLATES = [path for path in source.tracked() if path.parts[0] == "templates"]
SOURCES = source.python_files("kroi")
FOR_PEOPLE = ("forms", "words", "shown", "views", "staff")  # modules whose every text is read on a page
WORDY = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}|^[A-ZÅÄÖ][a-zåäö]+[.:…]?$")
LETTERS = re.compile(r"[^\W\d_]{2,}")
REFUSALS = ("Refusal", "Invalid", "Forbidden", "NotFound", "Conflict", "Gone", "TooMany", "ValidationError", "flash")
PLAIN = {  # a name, three keys, two style classes, two commands
    *("Kroi", "Ctrl", "Enter", "Esc", "wrap page", "flask audit verify", "flask audit accept-restore"),
}
ASKED = {"can"}  # calls whose words name a permission
TERMINAL = (  # what only commands and logs say is in English
    *("kroi/dealerships/queries.py", "kroi/dealerships/service.py", "kroi/operations/", "kroi/catalogue/imports/"),
)
KEYS = {"Enter", "Escape", "Tab", "Home", "End"}  # as browsers call them
NO_TEXTS = {  # of modules for people: what a computer reads, and an invented name
    *("True", "False", "Lax", "Location", "Cookie", "Referer", "Args", "Answer", "Measure", "Anna Aho"),
    *("inquiry address", "letters from", "letters to", "questions to", "no such address", "end session"),
}
CHOSEN = {  # texts that are chosen while the page is made, from those marked elsewhere
    "templates/layouts/portal.html": "roles, marked in accounts/words.py",
    "kroi/web/forms.py": "WTForms' own messages, which the catalogues hold",
}
SAME = re.compile(  # words that are the same in one of the languages
    r"ADF|Beige|Cabriolet|CO₂, g/km|Coupé|Diesel|Hybrid|Kroi|LPG|Person|Pickup|SUV|Sedan|Silver|Status|VAT|VIN|Version"
    r"|Lead|Leads|Median|Normal|Orange|Text|Webhook|status|under %\(time\)s|%\(num\)s leads"
    r"|Version %\(version\)s, %\(day\)s|%\(before\)s → %\(after\)s|[^a-z]*"
    r"|Disk|%\(\w+\)s (s|ms|h|kB|MB|GB|min|h %\(minutes\)s min|t%\(currency\)s)"
)


@pytest.fixture(scope="module")
def texts() -> list[catalogues.Text]:
    return catalogues.texts()


def unmarked_in_template(markup: str) -> list[str]:
    """Strings inside Jinja's own code that people would read and nobody could translate."""
    found: list[str] = []
    _walk(Environment(extensions=["jinja2.ext.i18n"]).parse(markup), found)
    return found


def _walk(node: nodes.Node, found: list[str]) -> None:
    for child in node.iter_child_nodes():
        called = child.node.name if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) else ""
        if called in catalogues.MARKS or called in ASKED:
            for named in child.kwargs if isinstance(child, nodes.Call) else ():
                _walk(named, found)
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str) and WORDY.search(child.value):
            found.append(child.value)
        _walk(child, found)


def unmarked_in_python(tree: ast.AST, *, refusals_only: bool) -> list[str]:
    """Sentences of refusals, and in modules for people all wordy strings, that are not marked."""
    found: list[str] = []
    _descend(tree, "", refusals_only, found)
    return found


def _descend(node: ast.AST, call: str, refusals_only: bool, found: list[str]) -> None:
    # The keys of a dictionary are codes; what people read stands behind them.
    for child in node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node):
        inner = source.dotted(child.func).rpartition(".")[2] if isinstance(child, ast.Call) else call
        if isinstance(child, ast.Call) and inner in catalogues.MARKS:
            for named in child.keywords:
                _descend(named, "", refusals_only, found)
            continue
        if isinstance(child, ast.Call) and source.dotted(child.func).startswith("_log."):
            continue
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue  # what a module, a class, a function or a field says of itself
        looked_at = inner in REFUSALS or not refusals_only
        value = child.value if looked_at and isinstance(child, ast.Constant) else None
        if isinstance(value, str) and WORDY.search(value):
            found.append(value)
        _descend(child, inner, refusals_only, found)


def test_no_text_hides_unmarked_in_a_templates_code() -> None:
    found = [(str(path), each) for path in TEMPLATES for each in unmarked_in_template(source.text(path))]
    assert [each for each in found if each[1] not in PLAIN] == []


def test_a_mail_says_nothing_unmarked() -> None:
    mails = [path for path in TEMPLATES if path.parts[1] == "notifications" and path.suffix == ".txt"]
    said = {
        str(path): LETTERS.findall(re.sub(r"(?s){#.*?#}|{%.*?%}|{{.*?}}", " ", source.text(path))) for path in mails
    }
    assert said and not any(said.values()), said


def test_no_sentence_for_people_is_unmarked_in_the_code() -> None:
    paths = [path for path in SOURCES if not str(path).startswith(TERMINAL) and path.stem != "cli"]
    found = [
        (str(path), each)
        for path in paths
        for each in unmarked_in_python(source.tree(path), refusals_only=path.stem not in FOR_PEOPLE)
    ]
    assert [each for each in found if each[1] not in NO_TEXTS] == []


def test_the_checks_see_what_is_unmarked() -> None:
    assert unmarked_in_template('{{ notice("Not saved") }}{{ _("Saved") }}{{ x or "no price" }}') == [
        "Not saved", "no price",
    ]  # fmt: skip
    code = ast.parse('raise Conflict("It is sold.")\nflash(_("It is sold."))\nother("two words")')
    assert unmarked_in_python(code, refusals_only=True) == ["It is sold."]
    assert unmarked_in_python(code, refusals_only=False) == ["It is sold.", "two words"]


def test_a_marked_text_stands_as_it_is() -> None:
    """A text that is put together while the page is made is in no catalogue."""
    wrong = [f"{path}:{line}" for path in SOURCES for line in _put_together(path) if str(path) not in CHOSEN]
    assert wrong == []


def _put_together(path: Path) -> list[int]:
    calls = [node for node in ast.walk(source.tree(path)) if isinstance(node, ast.Call)]
    marked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in catalogues.MARKS]
    return [call.lineno for call in marked if not (call.args and isinstance(call.args[0], ast.Constant))]


def test_a_template_marks_texts_as_they_are() -> None:
    wrong = []
    for path in TEMPLATES:
        tree = Environment(extensions=["jinja2.ext.i18n"]).parse(source.text(path))
        for call in tree.find_all(nodes.Call):
            marked = isinstance(call.node, nodes.Name) and call.node.name in catalogues.MARKS
            if marked and not isinstance(call.args[0], nodes.Const) and str(path) not in CHOSEN:
                wrong.append(f"{path}:{call.lineno}")
    assert wrong == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_catalogue_holds_every_text_translated_and_nothing_else(language: str, texts: list[catalogues.Text]) -> None:
    catalog = catalogues.updated(language, texts)
    assert catalogues.problems(catalog) == [], "translate them"
    assert spoken.path_of(language).read_bytes() == catalogues.written(catalog), "run scripts/translations"


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_catalogue_speaks_as_we_do(language: str) -> None:
    messages = [message for message in spoken.read(language) if message.id]
    said = [(_said(message.id)[-1], each) for message in messages for each in _said(message.string)]
    assert [each for _, each in said if "!" in each] == []
    assert [each for _, each in said if re.search(r"\d,\d{3}|“", each)] == [], "their own thousands and quotation marks"
    assert [words for words, each in said if words == each and not SAME.fullmatch(words)] == []
    assert [words for words, each in said if len(each) * 4 < len(words)] == [], "cut short"


def _said(words: object) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, tuple | list) else (str(words),)


def test_the_source_of_a_text_is_seen_wherever_it_is_marked() -> None:
    python = list(
        catalogues.in_python('_("a", who=_("b"))\npgettext("verb", "Open")\nngettext("%(num)s c", "d", 2)', "x")
    )
    assert [(text.context, text.words, text.plural) for text in python] == [
        (None, "a", None), (None, "b", None), ("verb", "Open", None), (None, "%(num)s c", "d"),
    ]  # fmt: skip
    page = list(
        catalogues.in_template('{{ _("a") }}<p title="{{ ngettext("b", "c", 2) }}">{% trans %}d{% endtrans %}', "x")
    )
    assert [(text.words, text.plural) for text in page] == [("a", None), ("b", "c"), ("d", None)]


def test_a_broken_translation_is_noticed() -> None:
    from babel.messages.catalog import Catalog

    catalog = Catalog(locale="fi")
    catalog.add("Sold %(day)s", "Myyty %(päivä)s")
    catalog.add("Saved.", "")
    catalog.add("Lost", "Hävitty", flags=["fuzzy"])
    catalog.add(("%(num)s car", "%(num)s cars"), ("%(num)s auto", ""))
    catalog.add("Won", "Kauppa")
    assert [each.partition(":")[0] for each in catalogues.problems(catalog)] == [
        "other placeholders", "not translated", "unsure (fuzzy)", "not translated",
    ]  # fmt: skip


def test_a_percent_sign_in_a_template_is_written_twice(texts: list[catalogues.Text]) -> None:
    """Jinja fills texts in as `%` does, also those without a placeholder."""
    lone = [
        text.words
        for text in texts
        if text.place.startswith("templates/") and re.search(r"%(?![(%])", text.words.replace("%%", ""))
    ]
    assert lone == []


def test_scripts_say_nothing_of_their_own() -> None:
    """What a script shows comes from the page, in the page's language."""
    ours = [path for path in source.tracked() if path.parts[:2] == ("static", "js")]
    words = re.compile(r"""["'`][A-Z][a-z]+(?: [a-z][^"'`]*)?["'`]""")
    lines = [(str(path), line.split("//")[0]) for path in ours for line in source.text(path).splitlines()]
    said = [(path, each) for path, line in lines for each in words.findall(line) if each[1:-1] not in KEYS]
    assert ours and said == []
