"""What is proved of minima, saddles and inequalities."""
