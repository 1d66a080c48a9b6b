"""Whether somebody wants offers by e-mail, and taking that back alone."""
