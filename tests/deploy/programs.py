"""The system's own programs behind the documented configuration: nginx and PgBouncer, on ports of their own."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from kroi.core import clock
from tests.support.source import ROOT

DEPLOY = ROOT / "deploy"
_AS_NOBODY = ("unshare", "--user", "--map-user=65534", "--map-group=65534")


def find(name: str) -> str:
    """Where a system program is; without it the test fails with what to do."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    assert found, f"{name} is not installed: run scripts/test_tools.py, which installs what the tests drive"
    return found


def documented(path: str, changes: Mapping[str, str]) -> str:
    """A file of deploy/ with other places; every place that is changed must be there."""
    text = (DEPLOY / path).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"deploy/{path} does not say {old}"
        text = text.replace(old, new)
    return text


def start(
    command: Sequence[str], log: Path, *, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """A process in a group of its own that writes to `log`."""
    with log.open("ab") as file:
        return subprocess.Popen(
            command, stdout=file, stderr=file, stdin=subprocess.DEVNULL, start_new_session=True, cwd=cwd, env=env
        )


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, patience: float = 30) -> int:
    """Tell it to end, and what it said by its exit code; the group is gone in any case."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(how)
    try:
        return process.wait(timeout=patience)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until somebody listens there."""
    until = time.monotonic() + 120  # the machine may be busy
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on {port}: {log.read_text(errors='replace')}")


def not_as_root(command: Sequence[str]) -> list[str]:
    """The command, for whom root is nobody: PostgreSQL and PgBouncer refuse to be root."""
    return [*(() if os.geteuid() else _AS_NOBODY), *command]


def pgbouncer(folder: Path, port: int, database: int, password: str) -> subprocess.Popen[bytes]:
    """PgBouncer as documented, before the PostgreSQL on the port `database`."""
    places = {"/etc/kroi/pgbouncer/": f"{folder}/", "listen_port = 6432": f"listen_port = {port}"}
    (folder / "pgbouncer.ini").write_text(documented("pgbouncer/pgbouncer.ini", places), encoding="utf-8")
    where = {"port=5432": f"port={database}"}
    (folder / "databases.ini").write_text(documented("pgbouncer/databases.systemd.ini", where), encoding="utf-8")
    (folder / "userlist.txt").write_text(f'"kroi" "{password}"\n', encoding="utf-8")
    started = start(not_as_root([find("pgbouncer"), str(folder / "pgbouncer.ini")]), folder / "pgbouncer.log")
    wait_for_port(port, started, folder / "pgbouncer.log")
    return started


def nginx(folder: Path, *, plain: int, tls: int, webs: Sequence[int]) -> subprocess.Popen[bytes]:
    """nginx as documented, with a certificate made for it, before the web servers on these ports."""
    for name in ("scratch", "tls"):
        (folder / name).mkdir(exist_ok=True)
    make_certificate(folder / "tls")
    upstream = {f"127.0.0.1:{8000 + at}": f"127.0.0.1:{port}" for at, port in enumerate(webs)}
    (folder / "upstream.conf").write_text(documented("proxy/upstream.systemd.conf", upstream), encoding="utf-8")
    places = {
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{tls} ",
        "/etc/kroi/tls/": f"{folder}/tls/",
        "/etc/kroi/proxy/": f"{folder}/",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/lib/nginx/": f"{folder}/scratch/",
    }
    (folder / "nginx.conf").write_text(documented("proxy/nginx.conf", places), encoding="utf-8")
    directives = "daemon off;" if os.geteuid() else "daemon off; user root;"
    command = [find("nginx"), "-c", str(folder / "nginx.conf"), "-g", directives]
    started = start(command, folder / "nginx.log")
    wait_for_port(tls, started, folder / "nginx.log")
    return started


def make_certificate(folder: Path) -> None:
    """One for localhost that nobody signed but itself, as fullchain.pem and privkey.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = clock.now()
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    (folder / "fullchain.pem").write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
