"""Other programs: keys with which they ask and write, addresses to which they are told what happened."""
