"""Tests of the response clock."""
