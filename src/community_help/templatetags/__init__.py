"""Template tags: `{% load community_help %}`."""
