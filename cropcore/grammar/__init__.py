"""What the commands of ``cropcore`` can be told, a module each; light, so that help is immediate."""
