"""The example site: what a real one is deployed with."""
