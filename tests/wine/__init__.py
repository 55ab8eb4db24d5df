"""The genuine package and the host process under Wine."""
