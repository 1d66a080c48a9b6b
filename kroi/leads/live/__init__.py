"""Telling an open page that something happened, at no cost while nothing does."""
