"""How an inquiry becomes a lead, once, whatever is sent again or at the same time."""
