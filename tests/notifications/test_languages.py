"""A mail speaks the language of who reads it: the shopper's, a member of staff's, else the dealership's."""

from pathlib import Path

import pytest

from kroi.accounts.models import User
from kroi.db.transaction import transaction
from kroi.dealerships import service as dealerships
from kroi.dealerships.models import Dealership
from kroi.leads.models import Lead
from kroi.notifications.delivery import service
from kroi.notifications.delivery.service import Post
from tests.notifications.leads import ask
from tests.notifications.test_mails import change, mails
from tests.support.languages import LANGUAGES, english_among
from tests.support.makers import make_car

SUBJECTS = {"fi": "Kiitos, viestisi on meillä: Audi A4", "sv": "Tack, vi har ditt meddelande om Audi A4"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_their_own_language(
    ana: User, here: Dealership, post: Post, mail_folder: Path, language: str
) -> None:
    with transaction():
        dealerships.change_profile(here.id, languages=["en", "fi", "sv"])
    change(User, ana.id, language=language)
    change(Lead, ask(car_id=make_car().id), language=language)
    service.sweep(post)
    found = mails(mail_folder)
    receipt, told = found["wilma@example.test"], found["ana@a.test"]
    assert receipt["Subject"] == SUBJECTS[language] and f"/{language}/cars/" in receipt.get_content()
    assert {"fi": "Uusi liidi", "sv": "Nytt lead"}[language] in told["Subject"]
    lines = [*receipt.get_content().splitlines(), *told.get_content().splitlines()]
    assert english_among(lines, language) == []


def test_a_language_that_the_dealership_dropped_is_not_written(ana: User, post: Post, mail_folder: Path) -> None:
    change(Lead, ask(), language="sv")
    service.sweep(post)
    assert mails(mail_folder)["wilma@example.test"]["Subject"] == "Thank you, we have your message"
