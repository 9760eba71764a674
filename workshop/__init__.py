"""What ``run`` is made of: standard library only, for it works before anything is installed."""
