"""Minima that descent finds, and one more neuron (Safran & Shamir 2018; Safran et al. 2021)."""
