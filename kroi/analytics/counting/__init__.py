"""Counting views in front of everything: noted in memory during the request, written down once a second."""
