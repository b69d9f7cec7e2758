"""The explorer: one page that shows a run, with its data inside."""
