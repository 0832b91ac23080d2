"""One training run: two stages of steps, checkpoints, validation."""
