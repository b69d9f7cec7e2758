"""Output weights of both signs: what one more neuron of output 1 or -1 does to a minimum."""
