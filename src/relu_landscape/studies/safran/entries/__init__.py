"""What the main study adds to the catalogue."""
