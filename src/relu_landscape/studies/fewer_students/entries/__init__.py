"""What the study of fewer students adds to the catalogue."""
