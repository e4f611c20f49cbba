"""What is done with kept raw mails later: read again, words struck out."""
