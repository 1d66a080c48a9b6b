"""Promises of the importer."""
