"""The floor: pure arithmetic and judgement; imports itself, numpy and the standard library."""
