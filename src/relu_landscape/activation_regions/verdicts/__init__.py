"""Claims about activation regions and Jacobian ranks, by the functions that decide them."""
