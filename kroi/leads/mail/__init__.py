"""What was written to somebody about a lead, and what came back."""
