"""What became of the questions: counted by the day they came, ready to be read at once."""
