"""Text: bytes decoded, and the plain, Markdown and HTML kinds of it."""
