"""A passkey made of software: it answers as a device does, or wrongly where a test wants that."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def raw(words: str) -> bytes:
    return urlsafe_b64decode(words + "=" * (-len(words) % 4))


class Authenticator:
    """One key for one site; `count` is what it says of how often it was used."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.count = 0
        self.handle = b""

    def make(self, asked: dict[str, Any], *, origin: str = "http://a.test", flags: int = PRESENT | VERIFIED) -> str:
        """The answer to a question for a new key."""
        self.handle = raw(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(point)
        said = self._data(asked["rp"]["id"], flags | ATTESTED) + attested
        response = {
            "clientDataJSON": self._client("webauthn.create", asked["challenge"], origin),
            "attestationObject": text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": said})),
        }
        return self._answer(response)

    def get(
        self,
        asked: dict[str, Any],
        *,
        origin: str = "http://a.test",
        flags: int = PRESENT | VERIFIED,
        site: str | None = None,
        handle: bytes | None = None,
    ) -> str:
        """The answer to a question at the door."""
        self.count += 1
        client = self._client("webauthn.get", asked["challenge"], origin)
        said = self._data(site or asked["rpId"], flags)
        signed = self.key.sign(said + hashlib.sha256(raw(client)).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": client,
            "authenticatorData": text(said),
            "signature": text(signed),
            "userHandle": text(self.handle if handle is None else handle),
        }
        return self._answer(response)

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: str) -> str:
        return text(json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode())

    def _answer(self, response: dict[str, str]) -> str:
        return json.dumps({"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response})
