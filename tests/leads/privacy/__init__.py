"""Tests of what becomes of people who are erased, taken out, or kept for long enough."""
