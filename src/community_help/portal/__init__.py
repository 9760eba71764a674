"""Helpers' pages: a phone in one hand."""
