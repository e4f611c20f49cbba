"""Payment providers: how money goes back to cards."""
