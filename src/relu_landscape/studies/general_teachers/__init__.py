"""Teachers that are not orthonormal: their bad minima, and where one more neuron does not help."""
