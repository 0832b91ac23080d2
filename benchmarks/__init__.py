"""Measures what a search and an embedding cost on this machine. Not a test: nothing here passes or fails."""
