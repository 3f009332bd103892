"""EC2: moto holds its state, what the real one refuses is refused here."""
