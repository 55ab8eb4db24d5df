"""Tests of the desk, against librdkafka's own mock cluster."""
