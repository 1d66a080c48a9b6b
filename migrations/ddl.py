"""What migrations share: row security for owned tables, tables that are only added to. Knows no model."""

from alembic import op

APP_ROLE = "kroi_app"


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def make_app_role() -> None:
    """The role that the application acts under: it owns nothing, so row security binds it."""
    if not _is_postgresql():
        return
    op.execute(
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
                CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END $$
        """
    )
    op.execute(f"GRANT {APP_ROLE} TO CURRENT_USER")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")


def share(table: str, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Let the application use a table that belongs to no dealership."""
    if _is_postgresql():
        op.execute(f"GRANT {rights} ON {table} TO {APP_ROLE}")
        op.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")


def secure(*tables: str) -> None:
    """Let the application see and write only the rows of the dealership that it acts for."""
    for table in tables:
        share(table)
        if _is_postgresql():
            ours = "dealership_id = nullif(current_setting('kroi.dealership', true), '')::integer"
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_ours ON {table} TO {APP_ROLE} USING ({ours}) WITH CHECK ({ours})")


def secure_dealerships() -> None:
    """Every dealership may be read, to find one by its host; only one's own may be changed."""
    if not _is_postgresql():
        return
    ours = "id = nullif(current_setting('kroi.dealership', true), '')::integer"
    op.execute("ALTER TABLE dealerships ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY dealerships_seen ON dealerships FOR SELECT TO {APP_ROLE} USING (true)")
    op.execute(f"CREATE POLICY dealerships_ours ON dealerships FOR UPDATE TO {APP_ROLE} USING ({ours})")


def only_add_to(table: str) -> None:
    """Rows of this table are never changed or deleted, whoever asks."""
    if _is_postgresql():
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE}")
        op.execute(
            f"""
            CREATE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{table} is only added to'; END $$
            """
        )
        op.execute(
            f"""
            CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_only_added()
            """
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"""
            CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END
            """
        )


def drop_only_add_to(table: str) -> None:
    """Undo `only_add_to`; on SQLite the triggers go with the table."""
    if _is_postgresql():
        op.execute(f"DROP TRIGGER {table}_only_added ON {table}")
        op.execute(f"DROP FUNCTION {table}_only_added()")
