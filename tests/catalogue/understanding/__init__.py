"""What shoppers type, and what a car search is to understand of it."""
