"""The list of cars on sale: filters, counts beside each choice, pages by key."""
