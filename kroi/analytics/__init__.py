"""What shoppers look at, counted without knowing who they are."""
