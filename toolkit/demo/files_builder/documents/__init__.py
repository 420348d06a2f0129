"""One module per template: its words, its example and its layout, in one place."""
