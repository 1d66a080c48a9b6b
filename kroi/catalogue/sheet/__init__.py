"""The sheet for a car's window: one page of A4 with a code that leads to the car's page."""
