"""Passkeys: a key on the device of whoever signs in, which no other site can ask for."""
