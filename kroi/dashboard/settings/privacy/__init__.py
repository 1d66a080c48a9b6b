"""For how long what people told us is kept: what an owner sets, and the whole list of what is kept."""
