"""The speed that real visitors met."""
