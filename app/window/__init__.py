"""The window, its worker, and what runs between them."""
