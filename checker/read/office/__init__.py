"""Word processors and spreadsheets: files that know their own paragraphs and tables."""
