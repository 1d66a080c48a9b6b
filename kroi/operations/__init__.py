"""Health, backup and restore."""
