"""Who may do what: passwords, tokens, tenants and their users. No SQL, no HTTP."""
