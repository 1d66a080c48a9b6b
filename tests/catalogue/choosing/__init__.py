"""How a shopper chooses among cars."""
