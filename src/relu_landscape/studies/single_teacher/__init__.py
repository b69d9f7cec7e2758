"""A single teacher neuron (Xu & Du 2023; Zhou, Ge & Jin 2021)."""
