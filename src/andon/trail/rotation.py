"""Making and changing the signing key; both are told in the security stream (AT9)."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from andon.trail import checkpoints, keys
from andon.trail.models import SigningKey
from andon.trail.security import tell
from andon.trail.services import Identified, audited


def create(*, by: Identified) -> SigningKey:
    """Make the first key of this trail.

    Raises
    ------
    NoKey
        There is one already, or the database knows one.
    """
    if keys.exists():
        raise keys.NoKey(f"There is a key at {keys.path()} already. To change it: andon key rotate")
    if keys.last() is not None:
        raise keys.NoKey(
            f"The database knows a key, and {keys.path()} is not there. Bring it back, or say that"
            " it is lost: andon key rotate --lost"
        )
    keys.write(Ed25519PrivateKey.generate(), keys.path())
    return _told("signing key created", by)


def rotate(*, by: Identified, lost: bool = False) -> SigningKey:
    """Change to a new key that the old one endorses; a last checkpoint of the old one comes first.

    With ``lost`` the old key is not there any more: the new one is endorsed by nobody, and each
    verification says so.
    """
    if not lost:
        checkpoints.checkpoint("before key rotation")
    old = None if lost else keys.current()[0]
    new = Ed25519PrivateKey.generate()
    keys.waiting_path().unlink(missing_ok=True)
    keys.write(new, keys.waiting_path())
    with audited(by, reason="signing key rotated"):
        row = keys.register(new, endorsed_by=old)
        detail = {"key": row.key_id, "number": row.number, "lost": lost}
        tell("signing key rotated", by=by, detail=detail)
    keys.waiting_path().replace(keys.path())
    return row


def _told(action: str, by: Identified) -> SigningKey:
    with audited(by, reason=action):
        row = keys.current()[1]
        tell(action, by=by, detail={"key": row.key_id, "number": row.number})
    return row
