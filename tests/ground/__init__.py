"""What lies under the four packages: the start, the lock, the contracts, the fixtures themselves."""
