"""The commands of ``cropcore``, one module each; ``cropcore.grammar`` tells their arguments."""
