"""The pages of the window: one shown at a time, each built of cards."""
