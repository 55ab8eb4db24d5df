"""The tests mirror the four packages; `ground` holds what lies under all of them."""
