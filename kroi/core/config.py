"""Settings from the environment: read once, complete, or no start with every problem listed at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from kroi.core import unsafe

ENVIRONMENTS = ("development", "production", "test")
T = TypeVar("T")


class SettingsError(Exception):
    """One or more settings are wrong; `problems` lists them all in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between installations. Durations are seconds unless the name says otherwise."""

    kroi_env: str = "development"
    instance: Path = Path("instance")
    port: int = 8000
    public_url: str = ""
    secret_key: str = field(default="", repr=False)
    trusted_proxies: int = 0
    database_url: str = field(default="", repr=False)
    direct_database_url: str | None = field(default=None, repr=False)
    replica_url: str | None = field(default=None, repr=False)
    other_database_url: str | None = field(default=None, repr=False)
    database_pool_min: int = 5
    database_pool_size: int = 20
    database_connect_timeout: int = 5
    database_pool_timeout: int = 5
    database_idle_timeout: int = 300
    database_statement_timeout: int = 30
    database_query_timeout: int = 15
    database_health_check_interval: int = 30
    database_slow_query_ms: int = 200
    database_debug: bool = False
    redis_url: str | None = field(default=None, repr=False)
    media_url: str = ""
    smtp_url: str | None = field(default=None, repr=False)
    imap_url: str | None = field(default=None, repr=False)
    webhooks_private: bool = False
    backup_url: str = ""
    backup_key_file: str | None = None
    metrics_token: str = field(default="", repr=False)
    inquiry_limit: int = 20
    bcrypt_cost: int = 12

    @property
    def production(self) -> bool:
        """Is this a real installation, where unsafe defaults are refused?"""
        return self.kroi_env == "production"

    @property
    def secure_cookies(self) -> bool:
        """Served by TLS, as the public address says."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str], *, instance: Path) -> "Settings":
        """Read and check every setting; raises SettingsError with all problems at once."""
        problems: list[str] = []
        values: dict[str, Any] = {"instance": instance}
        for name, read in READERS.items():
            raw = environ.get(name.upper(), "").strip()
            if raw:
                values[name] = _read(name.upper(), raw, read, problems)
        settings = cls(**{name: value for name, value in values.items() if value is not None})
        problems += _missing(settings)
        if problems:
            raise SettingsError(problems)
        return settings.completed()

    def with_secret(self, secret_key: str) -> "Settings":
        """The same settings with a secret key made elsewhere."""
        return replace(self, secret_key=secret_key)

    def completed(self) -> "Settings":
        """The same settings with the defaults that depend on others filled in."""
        return replace(
            self,
            public_url=self.public_url.rstrip("/") or f"http://127.0.0.1:{self.port}",
            database_url=self.database_url or f"sqlite:///{self.instance.resolve() / 'kroi.sqlite3'}",
            media_url=self.media_url or str(self.instance / "media"),
            backup_url=self.backup_url or str(self.instance / "backups"),
        )


def _read(name: str, raw: str, read: Callable[[str], T], problems: list[str]) -> T | None:
    try:
        return read(raw)
    except ValueError as error:
        problems.append(f"{name}: {error}")
        return None


def _missing(settings: Settings) -> list[str]:
    problems = []
    if settings.database_pool_min > settings.database_pool_size:
        problems.append("DATABASE_POOL_MIN: must not be larger than DATABASE_POOL_SIZE")
    both = (settings.replica_url, settings.database_url)
    if settings.replica_url and not all(str(url).startswith("postgresql") for url in both):
        problems.append("REPLICA_URL: only PostgreSQL has replicas, so it and DATABASE_URL must name one")
    if settings.kroi_env != "test" and settings.bcrypt_cost < 12:
        problems.append("BCRYPT_COST: may be lower than 12 only when KROI_ENV is test")
    return problems + (_unsafe(settings) if settings.production else [])


def _unsafe(settings: Settings) -> list[str]:
    """What is refused in production."""
    problems = unsafe.address(settings.public_url) + unsafe.secret(settings.secret_key) + unsafe.demo(settings.instance)
    if settings.database_debug:
        problems.append("DATABASE_DEBUG: fills the log with every statement, so it must be off in production")
    return problems


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}, not {raw!r}")
        return int(raw)

    return read


def _environment(raw: str) -> str:
    if raw not in ENVIRONMENTS:
        raise ValueError(f"must be one of {', '.join(ENVIRONMENTS)}, not {raw!r}")
    return raw


def _address(*schemes: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        parts = urlsplit(raw)
        if parts.scheme not in schemes or not (parts.netloc or parts.path):
            raise ValueError(f"must be an address that starts with {' or '.join(s + ':' for s in schemes)}")
        return raw

    return read


def _database(raw: str) -> str:
    raw = _address("sqlite", "postgresql", "postgres", "postgresql+psycopg")(raw)
    scheme, rest = raw.split(":", 1)
    return raw if scheme == "sqlite" else f"postgresql+psycopg:{rest}"


def _token(raw: str) -> str:
    if len(raw) < 24 or not raw.isascii() or not raw.isprintable() or " " in raw:
        raise ValueError("must be 24 characters or more, without spaces: openssl rand -hex 24 makes one")
    return raw


def _folder(raw: str) -> str:
    if "://" in raw:
        raise ValueError("must be a folder")
    return raw


def folder_or_bucket(raw: str) -> str:
    """A folder, or `s3://bucket/prefix`; raises ValueError for what is neither, such as a bucket with a slip in it."""
    if re.fullmatch(r"s3://[^/].*", raw):
        return raw.rstrip("/")
    if re.match(r"\w+:", raw) or re.match("s3//", raw):
        raise ValueError("must be a folder, or a bucket as s3://bucket/prefix")
    return raw


def _on_or_off(raw: str) -> bool:
    if raw.lower() not in ("on", "off"):
        raise ValueError(f"must be on or off, not {raw!r}")
    return raw.lower() == "on"


_seconds = _whole(1, 86_400)
READERS: dict[str, Callable[[str], Any]] = {
    "kroi_env": _environment,
    "port": _whole(1, 65_535),
    "public_url": _address("http", "https"),
    "secret_key": str,
    "trusted_proxies": _whole(0, 9),
    "database_url": _database,
    "direct_database_url": _database,
    "replica_url": _database,
    "other_database_url": _database,
    "database_pool_min": _whole(1, 1000),
    "database_pool_size": _whole(1, 1000),
    "database_connect_timeout": _seconds,
    "database_pool_timeout": _seconds,
    "database_idle_timeout": _seconds,
    "database_statement_timeout": _seconds,
    "database_query_timeout": _seconds,
    "database_health_check_interval": _seconds,
    "database_slow_query_ms": _whole(1, 3_600_000),
    "database_debug": _on_or_off,
    "redis_url": _address("redis", "rediss", "unix"),
    "media_url": _folder,
    "smtp_url": _address("smtp", "smtps"),
    "imap_url": _address("imap", "imaps"),
    "webhooks_private": _on_or_off,
    "backup_url": folder_or_bucket,
    "backup_key_file": str,
    "metrics_token": _token,
    "inquiry_limit": _whole(1, 1_000_000),
    "bcrypt_cost": _whole(4, 16),
}
