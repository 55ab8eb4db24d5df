"""Scenarios and their judge."""
