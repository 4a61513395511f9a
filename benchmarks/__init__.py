"""Benchmarks: what a user waits for, as ratios to torch itself in the same run."""
