"""Promises of what every room stands on."""
