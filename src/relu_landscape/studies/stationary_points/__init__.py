"""Finite data: the stationary points that descent passes, exact (Wu, Simsek & Ged 2025)."""
