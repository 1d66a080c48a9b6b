"""Mail travels encrypted where the server offers it; a password goes only to a server that proves its name."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from kroi.core import clock
from kroi.notifications.delivery.carriers import NotCarried, Smtp
from kroi.notifications.delivery.rules import Letter, compose
from tests.notifications.conftest import Inbox, free_port

MAIL = compose(Letter("a@b.test", "S", "B", "Us", "us@a.test"), message_id="<1@a.test>", at=clock.now())


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for `localhost` that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def passwords() -> list[bytes]:
    """What the server was told."""
    return []


@pytest.fixture
def server(certificate: Path, inbox: Inbox, passwords: list[bytes]) -> Iterator[Controller]:
    """A mail server that offers STARTTLS and takes nothing without it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def authenticate(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        passwords.append(data.password)  # type: ignore[attr-defined]
        return AuthResult(success=True)

    found = Controller(
        inbox, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True,
        authenticator=authenticate,
    )  # fmt: skip
    found.start()
    yield found
    found.stop(no_assert=True)


def test_without_a_password_any_encryption_is_better_than_none(server: Controller, inbox: Inbox) -> None:
    carrier = Smtp(f"smtp://127.0.0.1:{server.port}")
    carrier.carry(MAIL, "one")
    carrier.close()
    assert len(inbox.mails) == 1


def test_a_password_is_not_told_to_a_stranger(server: Controller, passwords: list[bytes]) -> None:
    with pytest.raises(NotCarried, match="SSLCertVerificationError"):
        Smtp(f"smtp://me:secret@localhost:{server.port}").carry(MAIL, "one")
    assert passwords == []


def test_a_password_is_told_to_a_server_that_proves_its_name(
    server: Controller, certificate: Path, inbox: Inbox, passwords: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusted)
    carrier = Smtp(f"smtp://me:s%40fe@localhost:{server.port}")
    carrier.carry(MAIL, "one")
    carrier.close()
    assert passwords == [b"s@fe"] and len(inbox.mails) == 1
