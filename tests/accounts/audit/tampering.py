"""Somebody with a way into the database, past the application and its triggers."""

from typing import Any

from sqlalchemy import text

from kroi.accounts import audit
from kroi.accounts.audit import rules
from kroi.accounts.models import AuditEntry
from kroi.db.model import db, session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction

FACTS = ("actor_id", "action", "subject_kind", "subject_id", "details", "person_id", "sealed")


def made(count: int) -> list[int]:
    """So many entries; the ids of all there are."""
    for n in range(count):
        with transaction():
            audit.record("change", "car", n + 1, details={"price": {"from": n, "to": n + 1}, "what": "Škoda ä"})
    return [each.id for each in session.query(AuditEntry).order_by(AuditEntry.number)]


def tamper(*statements: str, **values: Any) -> None:
    """Do this to the tables (`:ours` is the dealership), as whoever owns the database could."""
    values["ours"] = current_dealership_id()
    session.rollback()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS audit_entries_no_{verb}")
        for statement in statements:
            wanted = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), wanted)
    session.expire_all()


def rewrite(number: int, **changed: Any) -> str:
    """Change an entry and make its own hash anew, as whoever knows the code could; the new hash."""
    entry = session.query(AuditEntry).filter_by(number=number).one()
    facts = {name: getattr(entry, name) for name in FACTS} | changed
    previous = changed.pop("previous_hash", entry.previous_hash)
    facts.pop("previous_hash", None)
    digest = rules.entry_hash(previous, number, entry.at, facts)
    sets = ", ".join(f"{name} = :{name}" for name in changed)
    tamper(
        f"UPDATE audit_entries SET {sets}{', ' if sets else ''}previous_hash = :before, hash = :digest "
        "WHERE number = :number AND dealership_id = :ours",
        before=previous, digest=digest, number=number, **changed,
    )  # fmt: skip
    return digest
