"""Figures of leaky networks."""
