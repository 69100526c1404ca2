"""The toolkit of charts and tables; it knows nothing of what is drawn."""
