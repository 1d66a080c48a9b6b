"""What is fine on one's own machine and refused in production: each finding is a sentence that says what to do."""

import ipaddress
import stat
from pathlib import Path
from urllib.parse import urlsplit

LEAST_SECRET = 32  # characters
_LEAST_DIFFERENT = 8  # characters in a secret; 32 random hexadecimal digits have fewer once in twenty million
_PLACEHOLDERS = (
    "changeme",
    "change-me",
    "change_me",
    "replace-me",
    "replaceme",
    "your-secret",
    "yoursecret",
    "example",
)
_HOW = "make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
DEMO_LOGINS = "demo-logins.json"  # beside the demo's data


def secret(found: str) -> list[str]:
    """Is the secret missing, short, or one that somebody else could guess or knows?"""
    if len(found) < LEAST_SECRET:
        return ["SECRET_KEY: is required in production, 32 random characters or more"]
    if len(set(found)) < _LEAST_DIFFERENT or found in (found + found)[1:-1]:
        return [f"SECRET_KEY: repeats itself, so it can be guessed; {_HOW}"]
    if any(word in found.lower() for word in _PLACEHOLDERS):
        return [f"SECRET_KEY: is a placeholder that others know; {_HOW}"]
    return []


def address(public_url: str) -> list[str]:
    """Would passwords travel in the clear? On this machine itself they do not travel."""
    if not public_url:
        return ["PUBLIC_URL: is required in production, as https://your.address"]
    parts = urlsplit(public_url)
    if parts.scheme == "https" or _is_loopback(parts.hostname or ""):
        return []
    return ["PUBLIC_URL: must start with https:// in production; http:// is only for this machine itself"]


def demo(instance: Path) -> list[str]:
    """Do the demo's people live here, whose passwords were printed?"""
    if not (instance / DEMO_LOGINS).exists():
        return []
    return [
        f"KROI_INSTANCE: {instance} holds the demo, whose passwords were printed; use another folder in production, "
        f"or switch the demo's people off and delete {DEMO_LOGINS}"
    ]


def readable(path: Path) -> str | None:
    """Warn of a file with secrets that everybody on this machine may read; `None` when they may not."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    return f"{path} can be read by everybody on this machine: chmod 600 {path}" if mode & stat.S_IROTH else None


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
