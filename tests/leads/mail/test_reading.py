"""A mail is read as people mean it, and a hostile one costs little and breaks nothing."""

import time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.leads.mail.rules import html, placeholders, quotes, reading, threads
from kroi.leads.mail.rules.threads import Thread
from tests.leads.mail.rows import letter

pytestmark = pytest.mark.slow


def sign(words: str) -> str:
    return f"{hash(words) & (2**80 - 1):020x}"


QUOTED = [
    ("Yes.\n\nOn Sat, 21 Nov 2026 at 10:00, Ana <a@b.test> wrote:\n> Come?\n", "Yes."),
    ("Yes.\n\nOn Sat, 21 Nov 2026 at 10:00, Ana Aalto of the dealership\n<a@b.test> wrote:\n> Come?", "Yes."),
    ("Kyllä.\n\nla 21.11.2026 klo 10.00 Ana (a@b.test) kirjoitti:\n> Tule?", "Kyllä."),
    ("Ja.\n\nDen lör 21 nov. 2026 kl 10:00 skrev Ana <a@b.test>:\n> Kom?", "Ja."),
    ("Yes.\n\n-----Original Message-----\nFrom: Ana\nSent: Saturday\n\nCome?", "Yes."),
    ("Yes.\n\n________________________________\nFrom: Ana <a@b.test>\nSent: Saturday\nTo: me\n\nCome?", "Yes."),
    ("Joo.\n\nLähettäjä: Ana\nLähetetty: lauantaina\n\nTule?", "Joo."),
    ("> Come?\nYes, at ten.\n> And the price?\nFine.", "> Come?\nYes, at ten.\n> And the price?\nFine."),
    ("She wrote: nothing.\nBye", "She wrote: nothing.\nBye"),
    ("> only a quotation", "> only a quotation"),
]


@pytest.mark.parametrize(("text", "own"), QUOTED)
def test_the_quoted_history_is_left_out(text: str, own: str) -> None:
    assert quotes.own_words(text) == own


def test_the_whole_text_is_kept_beside_it() -> None:
    read = reading.read(letter(text="Yes.\n\nOn Saturday Ana wrote:\n> Come?"))
    assert read.text == "Yes." and read.whole is not None and "> Come?" in read.whole


def test_html_alone_is_read_as_words_without_its_scripts() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@b.test", "=?utf-8?q?=C3=84=C3=A4ni?="
    head = "<head><title>T</title><style>p{}</style></head>"
    body = "<p>Hello&nbsp;&lt;you&gt;</p><script>evil()</script><div>1 < 2</div>"
    mail.set_content(f"<html>{head}<body>{body}</body></html>", subtype="html")
    read = reading.read(mail.as_bytes())
    assert read.text == "Hello <you>\n\n1 < 2" and read.subject == "Ääni"


def test_files_come_with_their_name_and_content_and_stay_out_of_the_words() -> None:
    mail = EmailMessage()
    mail["From"] = "a@b.test"
    mail.set_content("See the photo.")
    mail.add_attachment(b"x" * 1000, maintype="image", subtype="jpeg", filename="../../my car.jpg")
    read = reading.read(mail.as_bytes())
    (file,) = read.files
    assert len(file.content) == 1000 and "\n" not in file.name and read.text == "See the photo."


def test_a_header_cannot_grow_lines() -> None:
    raw = b"From: =?utf-8?q?A=0D=0ABcc:_x?= <a@b.test>\r\nSubject: =?utf-8?q?one=0D=0Atwo?=\r\n\r\nHi"
    read = reading.read(raw)
    assert "\n" not in read.subject + read.sender_name + read.sender and "\r" not in read.subject


HOSTILE = {
    "nested": b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)),
    "boundaries": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 200_000,
    "tags": b"Content-Type: text/html\r\n\r\n" + b"<" * 1_000_000,
    "comments": b"Content-Type: text/html\r\n\r\n" + b"<!--" * 200_000,
    "scripts": b"Content-Type: text/html\r\n\r\n" + b"<script><style" * 70_000,
    "entities": b"Content-Type: text/html\r\n\r\n" + b"&#x41;&amp" * 80_000,
    "header": b"Subject: " + b"=?utf-8?q?=41?= " * 100_000 + b"\r\n\r\nx",
    "headers": b"X: y\r\n" * 200_000 + b"\r\nx",
    "lines": b"\r\n" + b">\n" * 500_000,
    "said": b"\r\n" + b"On a\nwrote:\n" * 200_000,
    "charset": b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"a." * 200_000,
    "puny": b"Subject: =?punycode?q?" + b"a" * 1900 + b"?=\r\n\r\nx",
    "ids": b"References: " + b"<1.1.0123456789ab.00000000000000000000@x> " * 20_000 + b"\r\n\r\nx",
    "base64": b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=" * 1_000_000,
    "uu": b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 x\n" + b"~" * 500_000,
    "addresses": b"To: " + b"a@b, " * 200_000 + b"\r\n\r\nx",
    "name": b'Content-Disposition: attachment; filename*0*=x' + b";filename*1*=y" * 10_000 + b"\r\n\r\nx",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_in_bounded_time_and_room(name: str) -> None:
    start = time.process_time()
    read = reading.read(b"From: a@b.test\r\n" + HOSTILE[name])
    assert time.process_time() - start < 5
    assert len(read.text) <= reading.MOST_TEXT and len(read.whole or "") <= reading.MOST_WHOLE
    assert len(read.files) <= 20 and len(read.subject) <= 200
    threads.named(read.answers, sign)


@given(st.binary(max_size=600))
def test_no_bytes_are_an_error(raw: bytes) -> None:
    reading.read(raw)
    reading.read(b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" + raw)


@given(st.text(max_size=300))
def test_no_markup_is_an_error(text: str) -> None:
    html.words(text)


@given(st.integers(1, 10**8), st.integers(1, 10**17), st.from_regex(r"[0-9a-f]{12}", fullmatch=True))
def test_a_thread_is_found_again_in_an_id_and_in_an_address(dealership: int, lead: int, nonce: str) -> None:
    thread = Thread(dealership, lead, nonce)
    assert threads.named(f"<a@b> {thread.message_id(sign, 'a.test')}", sign) == thread
    address = threads.plus_address("sales@a.test", thread.token(sign))
    assert threads.addressed(f"Us <{address}>", sign) in (thread, None)
    assert len(address.partition("@")[0]) <= 64


@given(st.text(), st.dictionaries(st.sampled_from(placeholders.NAMES), st.text()))
def test_filling_in_is_one_pass_and_names_only_what_is_on_the_list(text: str, values: dict[str, str]) -> None:
    filled = placeholders.fill(text, dict.fromkeys(values, "{me}"))
    assert "{{me}}" not in filled or "{{" in text
    assert set(placeholders.missing(text, values)) <= set(placeholders.NAMES)
