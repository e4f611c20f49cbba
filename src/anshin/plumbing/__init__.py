"""What every room stands on and what knows no shop: clock, jobs, journal, mail, files, live, pages."""
