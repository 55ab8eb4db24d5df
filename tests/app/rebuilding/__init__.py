"""A reset that the program was not there for."""
