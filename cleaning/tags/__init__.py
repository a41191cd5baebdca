"""What a text is about. Import nothing here: the gazetteer alone is needed where no text is tagged."""
