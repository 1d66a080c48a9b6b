"""Faults, drilled: real processes are killed, starved and crowded while shoppers go on asking."""
