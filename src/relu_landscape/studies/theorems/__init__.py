"""Theorems for every k: families that are spurious minima from some k on, proved at once."""
