"""What the study of theorems adds to the catalogue."""
