"""Links that let somebody in once: an invitation to a new colleague, a new password for whoever forgot theirs."""
