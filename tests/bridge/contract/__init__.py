"""One set of tests for every module that has MetaTrader5's face."""
