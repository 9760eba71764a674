"""How the documentation is built: `python3 run docs`."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version as version_of
from pathlib import Path

import django

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_project.settings")
django.setup()

project = "django-community-help"
author = "the community_help contributors"
copyright = f"2026, {author}"  # noqa: A001  Sphinx's own name for it
release = version_of("django-community-help")

extensions = ["myst_parser", "sphinx.ext.autodoc", "lifecycle"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
autodoc_typehints = "description"
autodoc_member_order = "bysource"

html_theme = "furo"
html_title = "Community help"
html_static_path = ["_static"]
html_theme_options = {"light_css_variables": {"color-brand-primary": "#2540b0", "color-brand-content": "#2540b0"}}
