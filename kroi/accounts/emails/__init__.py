"""Another e-mail address for one of the staff."""
