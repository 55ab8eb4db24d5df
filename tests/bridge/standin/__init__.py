"""What stands in for the genuine package and the terminal's program where there is no Windows."""
