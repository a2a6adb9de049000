"""One-time codes (RFC 6238): six digits, half a minute, one step early or late (AU3)."""

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

import segno

DIGITS = 6
PERIOD = 30
LEEWAY = 1  # steps: a clock may be half a minute off
SECRET_BYTES = 20


def new_secret() -> str:
    """Return a fresh secret in base32, as people can type it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def code_at(secret: str, step: int) -> str:
    """Return the code of one time step (RFC 4226, 5.3)."""
    key = base64.b32decode(secret)
    mac = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0x0F
    value = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(value % 10**DIGITS).zfill(DIGITS)


def step_at(instant: float) -> int:
    return int(instant) // PERIOD


def step_of(secret: str, code: str, *, instant: float) -> int | None:
    """Return the time step whose code this is; every step near now is compared."""
    now, found = step_at(instant), None
    for step in range(now - LEEWAY, now + LEEWAY + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()):
            found = step
    return found


def address(secret: str, *, account: str, issuer: str) -> str:
    """Return what the app reads from the picture."""
    label = quote(f"{issuer}:{account}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer})}"


def picture(text: str) -> str:
    """Return the QR code of ``text`` as the address of an image, black on white in any theme."""
    made = segno.make_qr(text, error="m")
    return str(made.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"))
