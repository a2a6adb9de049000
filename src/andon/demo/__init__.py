"""ABC Industrial Components, made through the services."""
