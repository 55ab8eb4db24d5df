"""Logs, crash reports and versions; and that none of them holds a secret."""
