"""Rules tried out on the past before they judge anybody."""
