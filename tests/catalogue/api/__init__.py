"""The cars for machines."""
