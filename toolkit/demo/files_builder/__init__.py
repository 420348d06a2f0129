"""Builds the demo's template files. A development tool: the site only serves what it wrote."""
