"""Promises of how we speak HTTP."""
