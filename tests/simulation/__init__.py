"""Seeded simulation tests: the real engine, a simulated broker, faults, kills, and the promises of SAFETY.md."""
