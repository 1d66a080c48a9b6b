"""Whole public pages kept in memory in front of Flask, and the marks by which a view says that its page may be."""

from kroi.web.pages.marks import keep, kept, until

__all__ = ["keep", "kept", "until"]
