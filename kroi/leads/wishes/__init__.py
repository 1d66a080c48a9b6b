"""What inquiries ask for beyond their words, as rows that hang on the lead."""
