"""Room: customers who look after their orders themselves, without an account."""
