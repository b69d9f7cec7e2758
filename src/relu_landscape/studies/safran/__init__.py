"""Minima that descent finds, and one more neuron (Safran & Shamir 2018; S21, Section 4)."""
