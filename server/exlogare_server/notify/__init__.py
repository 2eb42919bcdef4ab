"""Messengers and webhooks. No SQL, no HTTP server."""
