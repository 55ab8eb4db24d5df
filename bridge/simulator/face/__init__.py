"""The face of MetaTrader5 5.0.6231 over a simulated terminal: functions, structures, constants, strictness, errors."""

from bridge.simulator.face.module import Face, as_module

__all__ = ["Face", "as_module"]
