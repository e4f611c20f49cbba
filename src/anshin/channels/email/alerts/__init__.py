"""What owner and manager are told about their mailboxes."""
