"""The commands of ``cropcore``, one module each; ``cropcore.cli`` reads their arguments."""
