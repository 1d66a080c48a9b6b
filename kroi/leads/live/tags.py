"""The tag that a page shows when it asks again: whose it is, and up to where it knows; nobody else can make one."""

import hashlib
import hmac


def make(secret: str, dealership_id: int, version: int, cookie: str) -> str:
    """The ETag for who sent this Cookie header."""
    return f'"{dealership_id}.{version}.{_seal(secret, dealership_id, version, cookie)}"'


def read(secret: str, tag: str, cookie: str) -> tuple[int, int] | None:
    """Dealership and version of a tag that we made for who sends this Cookie header, or `None`."""
    parts = tag.removeprefix("W/").strip('"').split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts[:2]):
        return None
    dealership_id, version = int(parts[0]), int(parts[1])
    fits = hmac.compare_digest(parts[2].encode(), _seal(secret, dealership_id, version, cookie).encode())
    return (dealership_id, version) if fits else None


def _seal(secret: str, dealership_id: int, version: int, cookie: str) -> str:
    said = f"{dealership_id}|{version}|{cookie}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, key=hashlib.sha256(secret.encode()).digest(), digest_size=16).hexdigest()
