"""The arithmetic and the judgement, on their own."""
