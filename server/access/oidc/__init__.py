"""Who may open workshops, told by an OpenID Connect provider. Loaded only where one is set up."""
