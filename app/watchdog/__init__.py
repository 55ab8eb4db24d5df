"""The process that watches the program, and what the program does to be watched and kept awake."""
