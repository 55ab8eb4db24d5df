"""The desk: what many machines tell of their accounts over Kafka, and who listens."""
