"""Result tables of the neighbourhood of the global minima."""
