"""Whole pages in memory: true, the same for everybody, and nothing of one in another's."""
