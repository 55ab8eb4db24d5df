"""The simulated terminal as a process of its own, and what may be ordered of it."""
