"""What is typed and sent, before anything is stored: cleaning, comparing, campaigns, references."""

from datetime import UTC, datetime, timedelta

import pytest

from kroi.leads.intake import rules as intake
from kroi.leads.people import rules as people
from kroi.leads.rules import Campaign, InquiryDraft, SpamReason, campaigns, drafts, lines, spam

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_name_becomes_one_line() -> None:
    assert lines.one_line(" Anna\r\nBcc: all@example.com\x00\u2028 Ä ") == "Anna Bcc: all@example.com Ä"


def test_a_message_keeps_its_lines_its_scripts_and_its_emoji() -> None:
    assert lines.many_lines(" hei\r\nשלום 👨‍👩‍👧\x07\rend\t! ") == "hei\nשלום 👨‍👩‍👧\nend !"


def test_marks_that_turn_words_around_are_taken_out() -> None:
    assert lines.one_line("Anna\u202egpj.exe") == "Annagpj.exe"


@pytest.mark.parametrize("phone", ["040 765 4321", "+358407654321", "00358 40 765 4321", "(040) 765-4321"])
def test_one_number_in_many_spellings_is_one_number(phone: str) -> None:
    assert people.keys(None, phone, "FI").phone == "+358407654321"


@pytest.mark.parametrize("phone", ["12", "", "+", "call me", "0" * 40])
def test_what_is_no_number_compares_as_none(phone: str) -> None:
    assert people.keys(None, phone, "FI").phone is None
    assert not people.can_exist(phone, "FI")


def test_addresses_compare_without_case() -> None:
    assert people.keys("Anna@Example.COM", None, "FI").email == "anna@example.com"


def test_the_same_data_is_the_same_submission_and_other_data_is_not() -> None:
    draft = InquiryDraft("Anna", email="anna@example.com", message="Is it there?")
    key = drafts.submission_key("n", 1, draft, ("anna@example.com", ""))
    assert key == drafts.submission_key("n", 1, draft, ("anna@example.com", ""))
    others = [
        drafts.submission_key("m", 1, draft, ("anna@example.com", "")),
        drafts.submission_key("n", 2, draft, ("anna@example.com", "")),
        drafts.submission_key("n", None, draft, ("anna@example.com", "")),
        drafts.submission_key("n", 1, draft, ("bea@example.com", "")),
        drafts.submission_key("n", 1, InquiryDraft("Anna", message="Is it here?"), ("anna@example.com", "")),
        drafts.submission_key(
            "n", 1, InquiryDraft("Anna", message="Is it there?", marketing=True), ("anna@example.com", "")
        ),
    ]
    assert len({key, *others}) == 7


@pytest.mark.parametrize(
    ("trap", "age", "sent", "expected"),
    [
        ("", 60, 19, None),
        ("http://x", 60, 0, SpamReason.TRAP),
        ("", 1.9, 0, SpamReason.TOO_FAST),
        ("", 2.1, 0, None),
        ("", 60, 20, SpamReason.TOO_MANY),
        ("", -3600, 0, None),  # the clock was put back after the form was made
        ("http://x", -3600, 0, SpamReason.TRAP),
        ("", -3600, 20, SpamReason.TOO_MANY),
    ],
)
def test_spam_is_told_by_trap_haste_and_number(trap: str, age: float, sent: int, expected: SpamReason | None) -> None:
    draft, made_at = InquiryDraft("Anna", trap=trap), NOW - timedelta(seconds=age)
    assert spam.reason(draft, made_at=made_at, now=NOW, sent_before=sent, limit=20) is expected


def test_a_campaign_is_read_from_the_address_before_the_page_before_it() -> None:
    found = campaigns.read(
        {"utm_source": "news\r\nX: y"},
        "https://search.example:8443/q?secret=1&utm_source=old&utm_medium=mail",
        "cars.example",
    )
    assert found == Campaign("news X: y", "mail", None, "search.example")


def test_our_own_pages_are_no_referrer() -> None:
    found = campaigns.read({}, "https://cars.example/cars/?utm_campaign=june", "cars.example:8000")
    assert found == Campaign(name="june")


def test_what_was_known_stays_known() -> None:
    known = Campaign("news", "mail", "june", "search.example")
    assert campaigns.read({}, "https://cars.example/", "cars.example", known) == known


@pytest.mark.parametrize("referrer", ["http://[", "http://a]b", "x" * 9000, "https://x/?" + "a=1&" * 999, "\x00", "//"])
def test_a_hostile_referrer_is_ignored(referrer: str) -> None:
    assert len(campaigns.read({}, referrer, "cars.example").referrer_host or "") <= 200


def test_a_reference_reads_like_one() -> None:
    name = intake.sequence(NOW)
    assert intake.reference(name, 418) == "K-2611-0418"
    assert intake.is_reference("K-2611-0418") and intake.is_reference("K-2611-12345")
    assert not intake.is_reference("K-2611-0418<b>") and not intake.is_reference("")
