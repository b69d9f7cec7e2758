"""Splits by neurons of either output, the ends of channels, restarts with outputs of both signs."""
