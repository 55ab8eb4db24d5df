"""The window: eyes and buttons, drawn from frames, answered with commands."""
