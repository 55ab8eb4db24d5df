"""Alerts as messages to a phone or a mailbox, by Apprise: filtered, held to a rate, and never on an order's way."""
