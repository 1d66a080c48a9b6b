"""What a template is indented with for people is not sent; what people wrote keeps its spaces."""

from flask import Flask, render_template_string

from kroi.web.indents import NoIndents


def test_the_indents_of_a_template_are_not_sent(app: Flask) -> None:
    source = "<ul>\n    <li>\n\t\t{{ text }}\n    </li>\n</ul>"
    assert NoIndents(app.jinja_env).preprocess(source, "a.html") == "<ul>\n<li>\n{{ text }}\n</li>\n</ul>"


def test_a_letter_keeps_its_indents(app: Flask) -> None:
    assert NoIndents(app.jinja_env).preprocess("  Hello", "notifications/invite.txt") == "  Hello"
    assert NoIndents(app.jinja_env).preprocess("  Hello", None) == "  Hello"


def test_words_that_are_filled_in_keep_their_spaces(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("  {{ text }}", text="a\n   b").endswith("a\n   b")
