"""What people type loses the marks that make it read as something else, whichever form it came by."""

import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict

from kroi.web.forms import Form, typed

TURNED = "Anna \u202eexe.gpj\u202c \u2066x\u2069\x00"
PLAIN = "Anna exe.gpj x"


class _Name(Form):
    name = wtforms.StringField()
    text = wtforms.TextAreaField()
    secret = wtforms.PasswordField()


def test_marks_that_turn_words_around_are_not_kept(app: Flask) -> None:
    with app.test_request_context():
        form = _Name(MultiDict({"name": f" {TURNED} ", "text": TURNED}))
    assert form.name.data == PLAIN and form.text.data == PLAIN
    assert typed({"name": TURNED}, "name") == PLAIN


def test_letters_of_every_script_and_emoji_stay(app: Flask) -> None:
    words = "Żółć, שלום, مرحبا, 山田, 👩\u200d👩\u200d👧"  # the joiner makes three people one family
    with app.test_request_context():
        assert _Name(MultiDict({"name": words})).name.data == words


def test_a_password_counts_as_typed(app: Flask) -> None:
    with app.test_request_context():
        assert _Name(MultiDict({"secret": f" {TURNED}"})).secret.data == f" {TURNED}"
