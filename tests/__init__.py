"""Kroi's promises, in words that a machine checks."""
