"""Leaky networks: what becomes of the minima of the ReLU as its slope changes."""
