"""Neighbours helping neighbours: a help network that any Django site can mount."""
