"""How Kroi speaks HTTP."""
