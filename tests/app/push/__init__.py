"""Push messages: what is said, to whom, and that nobody waits for it."""
