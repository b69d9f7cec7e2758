"""Fewer students than teachers: do they copy or average? (Simsek et al. 2023)."""
