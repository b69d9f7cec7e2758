"""Finite data: activation regions, ranks of Jacobians and zero loss (Karhadkar et al. 2024)."""
