"""Activation regions at finite data (Karhadkar et al. 2024)."""
