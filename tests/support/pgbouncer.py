"""A real PgBouncer in transaction mode before a test server: few connections of the server for many of ours."""

import signal
import subprocess
import tempfile
from pathlib import Path

from tests.deploy import programs
from tests.support.postgres import Postgres
from tests.support.server import free_port

SETTINGS = """
[databases]
* = host={socket} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {most}
query_wait_timeout = 5
server_login_retry = 1
"""


class PgBouncer:
    """`url(name)` is the address of a database of the server behind it."""

    def __init__(self, server: Postgres, most: int = 2) -> None:
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="kroi-bouncer-")), free_port()
        self.folder.chmod(0o755)
        text = SETTINGS.format(socket=server.folder, port=self.port, most=most)
        (self.folder / "pgbouncer.ini").write_text(text, encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until it listens."""
        command = programs.not_as_root([programs.find("pgbouncer"), str(self.folder / "pgbouncer.ini")])
        self._process = programs.start(command, self.folder / "log")
        programs.wait_for_port(self.port, self._process, self.folder / "log")

    def stop(self) -> None:
        """End it with every connection that goes through it."""
        if self._process:
            programs.end(self._process, signal.SIGTERM)

    def url(self, name: str) -> str:
        """The address of database `name`, through it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"
