"""What the study of certificates adds to the catalogue."""
