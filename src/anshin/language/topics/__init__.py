"""What a message is about, how urgent it is, and what is missing to answer it. Plain Python; no Django."""
