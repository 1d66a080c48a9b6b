"""Pairs of contacts that a person has labelled: the same somebody, or two people. Nobody in them exists."""
