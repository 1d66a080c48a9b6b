"""Rows that somebody else deletes meanwhile: deleting them, too, is no fault; changing them is said."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError

from kroi.accounts.models import SignInAttempt
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction


def tried() -> SignInAttempt:
    """A row that is gone from the database, and that the session does not know to be."""
    row = SignInAttempt(address_digest="x", account_digest="y", at=clock.now())
    session.add(row)
    session.flush()
    session.execute(text("DELETE FROM sign_in_attempts"))
    return row


def test_deleting_what_is_gone_already_is_done(app: Flask) -> None:
    with transaction():
        session.delete(tried())
    assert session.query(SignInAttempt).count() == 0


def test_changing_what_is_gone_is_refused_and_stores_nothing(app: Flask) -> None:
    with pytest.raises(StaleDataError), transaction():
        tried().account_digest = "z"
        session.flush()
    assert session.query(SignInAttempt).count() == 0
