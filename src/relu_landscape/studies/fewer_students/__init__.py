"""The study of fewer students than teachers."""
