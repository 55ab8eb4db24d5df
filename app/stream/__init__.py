"""The read-only stream for dashboards: events and figures over a WebSocket, and a page that shows them."""
