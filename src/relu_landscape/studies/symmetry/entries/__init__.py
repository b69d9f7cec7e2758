"""What the study of symmetry adds to the catalogue."""
