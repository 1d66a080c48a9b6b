"""The HTML of cards, made once for each car as it is and as it is shown."""
