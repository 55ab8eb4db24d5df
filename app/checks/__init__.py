"""What `plimsoll doctor` and `plimsoll drill` look at and find."""
