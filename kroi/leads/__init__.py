"""Shoppers' inquiries and the people behind them."""
