"""The history store: a file of its own beside the journal, written behind the guard's back and never waited for."""
