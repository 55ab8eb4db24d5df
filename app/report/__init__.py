"""The risk report: one HTML file that stands alone, made from the archive."""
