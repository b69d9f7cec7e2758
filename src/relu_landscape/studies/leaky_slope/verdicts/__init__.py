"""Tests of claims about leaky networks."""
