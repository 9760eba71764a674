"""The Knowle West site: what a community's own Django project looks like."""
