"""Imports: a dealer's file becomes cars, and can be taken back."""
