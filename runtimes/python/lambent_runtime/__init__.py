"""What bootstrap.py is made of; functions should not import it."""
