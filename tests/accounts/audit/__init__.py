"""The record of who did what: its chain, its anchors, its page."""
