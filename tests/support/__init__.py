"""What tests stand on: real servers, people, and a client that reads pages like a critic."""
