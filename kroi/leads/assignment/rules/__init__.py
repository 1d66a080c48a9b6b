"""Decisions about whose turn it is: who is at work, who is next, and what a lead that lies still means."""
