"""What upkeep of PostgreSQL could not do is said, and what an attempt that was cut off left behind is mended."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from kroi.core.errors import Refusal
from kroi.operations.upkeep import postgresql
from tests.support.postgres import Postgres, plain


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    """A database with one table, which has long texts and two indexes."""
    name = f"kroi_upkeep_{secrets.token_hex(4)}"
    found = plain(postgres.create(name))
    with psycopg.connect(found, autocommit=True) as owner:
        owner.execute("CREATE TABLE cars (id bigint PRIMARY KEY, model text)")
        owner.execute("INSERT INTO cars VALUES (1, repeat('x', 100)), (2, 'a'), (3, 'a')")
    yield found
    postgres.drop(name)


@pytest.fixture
def stranger(url: str, postgres: Postgres) -> Iterator[str]:
    """The same database for a login that owns nothing in it."""
    role = f"stranger_{secrets.token_hex(4)}"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT SELECT ON cars TO {role}".encode())
        yield make_url(url).set(username=role, password="x").render_as_string(hide_password=False)
        owner.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


def broken(url: str) -> list[str]:
    return [note for note in postgresql.look(url).notes if "is broken" in note]


def test_whoever_may_not_vacuum_is_told_so(stranger: str) -> None:
    """The server itself only skips the table."""
    with pytest.raises(Refusal, match="permission denied"):
        postgresql.vacuum(stranger, "cars")


def test_a_table_that_was_left_out_because_somebody_holds_it_is_said(url: str) -> None:
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE cars IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Refusal, match="lock not available"):
            postgresql.vacuum(url, "cars")
    postgresql.vacuum(url, "cars")


def test_an_index_that_was_never_finished_is_made_anew(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        with pytest.raises(psycopg.errors.UniqueViolation):
            owner.execute("CREATE UNIQUE INDEX CONCURRENTLY uq_cars_model ON cars (model)")
        assert len(broken(url)) == 1
        with pytest.raises(psycopg.errors.UniqueViolation):
            postgresql.reindex(url, "cars")
        owner.execute("DELETE FROM cars WHERE id = 3")
    postgresql.reindex(url, "cars")
    assert broken(url) == []
    assert {index.name for index in postgresql.look(url).indexes} == {"cars_pkey", "uq_cars_model"}


_TOAST = (
    "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = "
    "(SELECT reltoastrelid FROM pg_class WHERE oid = 'cars'::regclass)"
)


def cut_off(url: str, index: str) -> None:
    """An attempt to make it anew, which cannot end."""
    with psycopg.connect(url, autocommit=True) as owner, psycopg.connect(url) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1 FROM cars")
        owner.execute("SET lock_timeout = '200ms'")
        name = index or str(owner.execute(_TOAST).fetchall()[0][0])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute(f"REINDEX INDEX CONCURRENTLY {name}".encode())
    assert any("_cc" in note for note in broken(url))


@pytest.mark.parametrize("index", ["cars_pkey", ""], ids=["of the table", "of its long texts"])
def test_what_an_attempt_left_is_dropped(url: str, index: str) -> None:
    cut_off(url, index)
    postgresql.reindex(url, "cars")
    assert broken(url) == []


def test_what_only_a_superuser_may_drop_is_named(url: str, stranger: str) -> None:
    cut_off(url, "")
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"ALTER TABLE cars OWNER TO {make_url(stranger).username}".encode())
        with pytest.raises(Refusal) as refused:
            postgresql.reindex(stranger, "cars")
        said = refused.value.sentence.removeprefix("a superuser must say ")
        owner.execute(f"ALTER TABLE cars OWNER TO postgres; {said.replace('CONCURRENTLY ', '')}".encode())
    assert said.startswith("DROP INDEX") and broken(url) == []


def test_since_when_the_use_of_indexes_is_counted_is_said(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SELECT pg_stat_reset()")
    assert any("since 20" in note for note in postgresql.look(url).notes)
