"""What must outlive the process: the journal."""
