"""A login for spreadsheets and report tools: it only reads, only one dealership, and nothing about persons."""
