"""The staff: who gets in, how often one may try, and what owners do."""
