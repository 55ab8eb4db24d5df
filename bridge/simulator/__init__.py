"""A terminal in memory with the face of MetaTrader5: accounts, margin, brokers' refusals, faults."""
