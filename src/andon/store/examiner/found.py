"""What the examiner finds: a word that the caller has a sentence for, and what it is about."""


class Bad(Exception):
    """A file that may not come in."""

    def __init__(self, word: str, text: str = "") -> None:
        super().__init__(word)
        self.word = word
        self.text = text[:120]


class Budget:
    """Bytes that may still be unpacked, over everything in one file, whatever its headers say."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Bad("unpacked")
