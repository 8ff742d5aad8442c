"""An S3 server on this machine, and a cluster of two processes; nothing reaches beyond loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from cropcore.cluster import dask_workers
from cropcore.cluster.targets import S3Target


@dataclass
class Bucket:
    """A bucket called ``photos``; ``options`` are those that s3fs needs to find its server."""

    options: dict[str, Any]
    endpoint: str
    system: Any

    def environment(self) -> dict[str, str]:
        """By which a process finds the server without being told."""
        return {
            "AWS_ACCESS_KEY_ID": "any",
            "AWS_SECRET_ACCESS_KEY": "any",
            "AWS_EC2_METADATA_DISABLED": "true",
            "FSSPEC_S3": json.dumps({"endpoint_url": self.endpoint}),
        }


@pytest.fixture(scope="session")
def bucket() -> Iterator[Bucket]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    options = {"key": "any", "secret": "any", "endpoint_url": endpoint}
    system = S3Target("s3://photos", **options)._system
    system.mkdir("photos")
    yield Bucket(options, endpoint, system)
    server.stop()


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Any]:
    """A client of two processes of this machine."""
    with dask_workers.connected("local:2") as client:
        yield client


@pytest.fixture
def in_environment(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """The bucket, found without being told by this process and those that it starts."""
    from fsspec.config import conf, set_conf_env

    for name, value in bucket.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(conf, "s3", {})
    set_conf_env(conf)
    return bucket
