"""What speaks with mail servers: IMAP, SMTP, and what can go wrong on the way."""
