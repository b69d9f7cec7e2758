"""Symmetric critical points at any k (Arjevani & Field)."""
