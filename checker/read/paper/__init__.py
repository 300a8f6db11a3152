"""Paper: what has pages, lines and characters at places, and no structure of its own (PDF, OFD, scans)."""
