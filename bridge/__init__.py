"""The terminal, and nothing that thinks."""
