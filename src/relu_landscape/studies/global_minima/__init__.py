"""The loss around global minima (Safran et al. 2021, Section 3)."""
