"""What a car costs by the month."""
