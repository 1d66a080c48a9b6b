"""The database from inside, for owners: pools, transactions, slow statements, what is kept and what waits."""
