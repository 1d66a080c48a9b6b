"""What happened to a lead, and what is to happen next."""
