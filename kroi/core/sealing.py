"""Text encrypted under one person's own key: forgetting the key forgets the text, wherever it stands.

Fernet (AES-128-CBC with HMAC-SHA-256), https://github.com/fernet/spec.
"""

from cryptography.fernet import Fernet, InvalidToken


def new_key() -> str:
    """A fresh random key, as text."""
    return Fernet.generate_key().decode("ascii")


def seal(key: str, words: str) -> str:
    """`words` encrypted under `key`."""
    return Fernet(key.encode("ascii")).encrypt(words.encode("utf-8")).decode("ascii")


def unseal(key: str, sealed: str) -> str | None:
    """The words again, or `None` when the key is another or the text was altered."""
    try:
        return Fernet(key.encode("ascii")).decrypt(sealed.encode("ascii")).decode("utf-8")
    except InvalidToken:
        return None
