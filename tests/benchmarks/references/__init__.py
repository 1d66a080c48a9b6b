"""What Kroi is measured against: small Flask applications, each written by hand as one would without Kroi."""
