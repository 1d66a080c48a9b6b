"""The search for canaries finds them however they are written: a search that is blind proves nothing."""

import base64
import json
import quopri
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import quote, quote_plus

import pytest

from kroi.core import text
from kroi.leads.rules import names
from tests.leads.privacy.canaries import Canaries, Hay, found_in, read_mail

_WRITTEN: dict[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "in capitals": lambda word: word.upper().encode(),
    "casefolded": lambda word: word.casefold().encode(),
    "folded for the search": lambda word: text.fold(word).encode(),
    "by its sound": lambda word: names.key(f"{word} {word}").encode(),
    "Latin-1": lambda word: word.encode("latin-1"),
    "UTF-16": lambda word: word.encode("utf-16"),
    "JSON": lambda word: json.dumps({"name": word}).encode(),
    "an address": lambda word: quote(word).encode(),
    "a form": lambda word: quote_plus(f"a {word}").encode(),
    "quoted-printable": lambda word: quopri.encodestring(word.encode()),
    "base64": lambda word: base64.b64encode(word.encode()),
    "base64, one later": lambda word: base64.b64encode(f"x{word}yz".encode()),
    "base64, two later": lambda word: base64.b64encode(f"xy{word}.".encode()),
    "base64 of the folded": lambda word: base64.b64encode(text.fold(f"x {word}").encode()),
}


@pytest.mark.parametrize("way", _WRITTEN)
def test_a_word_is_found_however_it_is_written(way: str) -> None:
    canaries = Canaries()
    words = [canaries.word("a door", ascii_only=plain) for plain in (True, False)]
    for word in words:
        hay = Hay("somewhere", b"before " + _WRITTEN[way](word) + b" after")
        assert list(found_in([hay], canaries.kept)) == [f"{word} (a door)"]


def test_digits_are_found_however_they_are_grouped() -> None:
    canaries = Canaries()
    number = canaries.digits("a phone")
    for written in (number, f"+358{number}", f"0{number[:4]} {number[4:]}", base64.b64encode(number.encode()).decode()):
        assert found_in([Hay("somewhere", written.encode())], canaries.kept), written


def test_a_word_is_found_in_a_mail_however_its_lines_break() -> None:
    canaries = Canaries()
    for number in range(40):
        mail = EmailMessage()
        mail["Subject"] = "x" * number + canaries.word(f"subject {number}")
        mail.set_content(
            "ä" * number + canaries.word(f"text {number}"), cte="quoted-printable" if number % 2 else "base64"
        )
        raw = mail.as_bytes()
        found = found_in(read_mail("a mail", raw), canaries.kept)
        assert len(found) == 2, "both words, and none of the mails before"
        assert found_in([Hay("raw", raw, wrapped=True)], canaries.kept)


def test_other_words_are_not_taken_for_it() -> None:
    canaries = Canaries()
    one, other = canaries.word("one"), canaries.word("other")
    assert list(found_in([Hay("somewhere", one.encode())], canaries.kept)) == [f"{one} (one)"]
    assert other not in one
