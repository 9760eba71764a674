"""Helpers' pages, asked as a browser without scripts would."""
