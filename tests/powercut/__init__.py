"""The power cut: what the disk was told, rebuilt at every moment, opened again and held against what was promised."""
