"""The cards around the charts: each shows one part of a frame."""
