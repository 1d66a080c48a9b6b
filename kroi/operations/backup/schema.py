"""Which schemas this Kroi knows: a backup of a newer one is not restored under older code."""

from pathlib import Path

from alembic.script import ScriptDirectory

from kroi.core.errors import Conflict

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


def newest() -> str:
    """The revision that this Kroi's code expects."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def check_known(revision: str) -> None:
    """Raises Conflict when no migration of ours leads to this revision."""
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if revision not in known:
        raise Conflict(f"This backup's schema ({revision or 'none'}) is of another Kroi: use the version that made it.")
