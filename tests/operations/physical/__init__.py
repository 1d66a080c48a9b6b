"""PostgreSQL as files, and back to any moment."""
