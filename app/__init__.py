"""The roof: wires, paces, remembers; knows everyone."""
