"""Mail that a provider posts over HTTP: its doors, its proof, and the mail in it."""
