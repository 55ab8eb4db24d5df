"""The curves: equity with balance, drawdown and margin level over one time axis."""
