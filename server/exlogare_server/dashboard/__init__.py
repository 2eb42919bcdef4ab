"""What people see: templates, static files, words, charts. No HTTP, no SQL; a function of what it is given."""
