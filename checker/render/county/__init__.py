"""What the county office gets from a season: terminal, ledger, notices, pages, data. None of them judges."""
