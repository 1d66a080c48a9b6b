"""PostgreSQL as files: base backups, the log of every change since, and the way back to any moment."""
