"""The roof: config, engine, journal, commands."""
