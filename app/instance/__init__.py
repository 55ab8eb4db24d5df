"""The running program as other processes meet it: commands, a second start, the lock on an account."""
