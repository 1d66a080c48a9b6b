"""What we hold about a person: taken out whole, and erased whole."""
