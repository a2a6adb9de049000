"""A shelf in an S3-compatible store: keys made of the content, never written over (UP2).

Keys and region come the way boto3 takes them (AWS_ACCESS_KEY_ID, a profile, the machine's role);
ANDON_FILES_ENDPOINT names a store other than Amazon's. Loaded only where one is configured.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .reach import OutOfReach

_PATIENCE = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 3},
    signature_version="s3v4",
)
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_THERE = {"PreconditionFailed", "412"}
_DIGITS = 64


class Bucket:
    """One bucket, and the prefix below which our keys lie."""

    def __init__(self, place: str) -> None:
        parts = urlsplit(place)
        self.bucket, self.prefix = parts.netloc, parts.path.strip("/")
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=settings.ANDON_FILES_ENDPOINT,
            region_name=settings.ANDON_FILES_REGION,
            config=_PATIENCE,
        )

    def _at(self, sha256: str) -> dict[str, str]:
        key = "/".join(filter(None, (self.prefix, sha256[:2], sha256)))
        return {"Bucket": self.bucket, "Key": key}

    def put(self, sha256: str, data: bytes) -> None:
        """Write only where nothing lies; the store itself compares what arrived with its hash."""
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        with _sentences():
            try:
                self.client.put_object(
                    **self._at(sha256), Body=data, IfNoneMatch="*", ChecksumSHA256=checksum,
                    ContentType="application/octet-stream",
                )  # fmt: skip
            except ClientError as error:
                if _code(error) not in _THERE:
                    raise

    def get(self, sha256: str) -> bytes | None:
        with _sentences():
            try:
                data: bytes = self.client.get_object(**self._at(sha256))["Body"].read()
            except ClientError as error:
                if _code(error) in _ABSENT:
                    return None
                raise
        return data

    def size(self, sha256: str) -> int | None:
        with _sentences():
            try:
                return int(self.client.head_object(**self._at(sha256))["ContentLength"])
            except ClientError as error:
                if _code(error) in _ABSENT:
                    return None
                raise

    def all(self) -> Iterator[tuple[str, datetime]]:
        with _sentences():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=f"{self.prefix}/" if self.prefix else ""
            )
            for page in pages:
                for found in page.get("Contents", ()):
                    name = found["Key"].rsplit("/", 1)[-1]
                    if len(name) == _DIGITS:
                        yield name, found["LastModified"]

    def remove(self, sha256: str) -> None:
        with _sentences():
            self.client.delete_object(**self._at(sha256))

    def tidy(self, before: datetime) -> None:
        """Nothing to do: a write that was cut off leaves nothing under its key."""


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OutOfReach(
            _("The file store does not answer (%s). Nothing was kept; try again in some minutes.")
            % (_code(error) if isinstance(error, ClientError) else type(error).__name__)
        ) from error
