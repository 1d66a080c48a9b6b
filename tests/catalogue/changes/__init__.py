"""Tests of the catalogue's numbered changes."""
