"""The picture: what one viewer may see of things and of the ties between them, joined as he may join it."""
