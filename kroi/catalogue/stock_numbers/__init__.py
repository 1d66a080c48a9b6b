"""Stock numbers: one sequence for the cars that staff add and for those that a file brings without a number."""
