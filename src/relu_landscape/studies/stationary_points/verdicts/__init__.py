"""Tests of the claims of this study: each takes a claim and the tables it names."""
