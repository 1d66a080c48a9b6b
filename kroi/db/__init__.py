"""How rows are stored: models, transactions, tenancy, dialects."""
