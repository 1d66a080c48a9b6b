"""Visits, wishes and the shopper's own page."""
