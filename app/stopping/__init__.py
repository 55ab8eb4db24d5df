"""The stop process from the outside and from the inside: started, followed, succeeded."""
