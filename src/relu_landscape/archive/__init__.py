"""A finished run in one file, and its recheck in a fresh checkout."""
