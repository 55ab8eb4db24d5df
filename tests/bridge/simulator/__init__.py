"""The simulated terminal: its face against the genuine package, its exchange against the books."""
