"""What every result of the statistics carries."""

from dataclasses import dataclass, fields, is_dataclass

from andon.stats.sentences import Sentence


@dataclass(frozen=True, kw_only=True)
class Result:
    """A result: the fields of its function, and how they came about.

    Attributes
    ----------
    n : int
        Values used.
    n_missing : int
        Values left out because they are missing (None or NaN).
    method : str
        The estimator, distribution and sigma in words.
    warnings : tuple of Sentence
        What the reader must know before using the numbers.
    """

    n: int
    n_missing: int
    method: str
    warnings: tuple[Sentence, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """All fields as plain values that `json.dumps` accepts."""
        return {item.name: _plain(getattr(self, item.name)) for item in fields(self)}


def _plain(value: object) -> object:
    if isinstance(value, Sentence):
        return {"code": value.code, "text": str(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
