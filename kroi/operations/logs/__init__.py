"""What is written to the log in production: lines of JSON that name requests and places, never people."""
