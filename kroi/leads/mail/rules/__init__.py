"""Decisions about mails: which lead one belongs to, what it says, and what may stand in a template."""
