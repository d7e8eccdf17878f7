"""A module that warm_up.py imports so that the importer is warm."""
