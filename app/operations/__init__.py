"""What a person who looks for a fault finds in the data folder: the log, and reports of what ended a process."""
