"""The program as a process on a desktop of its own: a display in memory, a window manager, real key events."""
