"""Tells a database that nobody has set up yet."""

from sqlalchemy.exc import DBAPIError

_NO_TABLE, _NO_SUCH_VALUE = "42P01", "22023"  # PostgreSQL's codes


def is_bare(error: DBAPIError) -> bool:
    """Did a statement fail because the tables, or on PostgreSQL the role that owns none of them, were never made?"""
    code, said = getattr(error.orig, "sqlstate", None), str(error.orig)
    return code == _NO_TABLE or (code == _NO_SUCH_VALUE and said.startswith("role ")) or "no such table" in said
