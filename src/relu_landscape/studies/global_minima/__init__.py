"""The loss around global minima (S21, Section 3)."""
