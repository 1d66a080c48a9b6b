"""What a car costs by the month: an estimate on the dealership's terms, with its annual percentage rate."""
