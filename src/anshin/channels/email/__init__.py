"""Mail over IMAP and SMTP."""
