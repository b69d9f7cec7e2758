"""Teachers that are not orthonormal: which bad minima they have, and what splits of these do."""
