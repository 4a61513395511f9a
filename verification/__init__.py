"""Verification: the specs against the outside world, that is compilers, torch's headers, and libtorch itself."""
