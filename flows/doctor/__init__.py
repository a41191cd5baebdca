"""`dangjian doctor`: looks at everything that breaks in practice, and says for each what was found and what to do."""
