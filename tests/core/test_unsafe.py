"""What is refused in production, all of it at once, and only there."""

import secrets
from pathlib import Path

import pytest

from kroi.core import unsafe
from kroi.core.config import Settings, SettingsError
from kroi.operations.demo import logins

GOOD = {"KROI_ENV": "production", "PUBLIC_URL": "https://cars.test", "SECRET_KEY": secrets.token_urlsafe(48)}


def problems(instance: Path, **settings: str) -> list[str]:
    try:
        Settings.from_env({**GOOD, **settings}, instance=instance)
    except SettingsError as error:
        return error.problems
    return []


def test_a_proper_installation_starts_on_sqlite_too(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    "weak",
    ["", "short", "x" * 64, "served-" * 6, "0123456789abcdef" * 2, "change-me-to-something-long-and-random-please"],
)
def test_a_secret_that_can_be_guessed_is_refused(tmp_path: Path, weak: str) -> None:
    (found,) = problems(tmp_path, SECRET_KEY=weak)
    assert found.startswith("SECRET_KEY: ")
    assert len(weak) < 8 or weak not in found


def test_a_random_secret_never_is(tmp_path: Path) -> None:
    assert [
        unsafe.secret(make(size)) for make in (secrets.token_hex, secrets.token_urlsafe) for size in [32] * 500
    ] == [[]] * 1000


@pytest.mark.parametrize("address", ["http://cars.test", "http://10.0.0.5:8000", "http://127.0.0.1.cars.test"])
def test_passwords_do_not_travel_in_the_clear(tmp_path: Path, address: str) -> None:
    (found,) = problems(tmp_path, PUBLIC_URL=address)
    assert "https://" in found


@pytest.mark.parametrize("address", ["http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost:8000"])
def test_this_machine_itself_needs_no_tls(tmp_path: Path, address: str) -> None:
    assert problems(tmp_path, PUBLIC_URL=address) == []


def test_a_folder_with_the_demos_passwords_is_refused(tmp_path: Path) -> None:
    logins.made_once(tmp_path)
    (found,) = problems(tmp_path)
    assert str(tmp_path) in found and unsafe.DEMO_LOGINS in found


def test_everything_is_said_at_once(tmp_path: Path) -> None:
    logins.made_once(tmp_path)
    wrong = {"SECRET_KEY": "x" * 40, "PUBLIC_URL": "http://cars.test", "BCRYPT_COST": "4", "PORT": "0"}
    names = [each.split(":")[0] for each in problems(tmp_path, **wrong)]
    assert sorted(names) == ["BCRYPT_COST", "KROI_INSTANCE", "PORT", "PUBLIC_URL", "SECRET_KEY"]


def test_none_of_it_matters_on_ones_own_machine(tmp_path: Path) -> None:
    logins.made_once(tmp_path)
    assert problems(tmp_path, KROI_ENV="development", SECRET_KEY="x", PUBLIC_URL="http://cars.test") == []


def test_a_file_with_secrets_that_everybody_may_read_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert unsafe.readable(path) is None
    path.write_text("SECRET_KEY=…")
    path.chmod(0o644)
    assert f"chmod 600 {path}" in (unsafe.readable(path) or "")
    path.chmod(0o640)
    assert unsafe.readable(path) is None
