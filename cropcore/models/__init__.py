"""One paper, one file: what each method adds on top of the shared encoder."""
