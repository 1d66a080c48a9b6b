"""The open leads as columns by status."""
