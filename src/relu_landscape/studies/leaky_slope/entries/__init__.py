"""What the study of leaky networks adds to the catalogue."""
