"""Whose lead it is: the round that gives leads to whoever is next, and why each of them got it."""
