"""The addresses of pages for people, one file a group; ``table.py`` lists them all."""
