"""The stream, over real sockets."""
