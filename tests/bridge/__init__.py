"""The terminal from outside: the adapter, the host process, and the simulated terminal."""
