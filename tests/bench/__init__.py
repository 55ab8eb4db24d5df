"""How long a beat and a start take on this machine; printed as JSON, never a timed test."""
