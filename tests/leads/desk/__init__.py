"""The inbox, the board, files and news as staff use them."""
