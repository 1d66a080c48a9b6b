"""Signed-in devices: a secret in the cookie, its digest in the database, dead the moment the row is gone."""
