"""Sending what lies in the outbox: words, envelope, carrier."""
