"""Promises of the demo dealership."""
