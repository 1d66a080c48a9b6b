"""Promises about scores: drafts tried on the past, a learnt model, a score set by hand."""

from kroi.leads.scoring.learnt import rules as rules  # before numpy: it says how many threads that takes
