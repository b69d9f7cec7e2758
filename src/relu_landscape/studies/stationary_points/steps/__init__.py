"""The steps of this study, one module each."""
