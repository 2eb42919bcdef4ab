"""Fixtures that the command line's tests share with the client's."""

from tests.client.test_client_transport_tls import certificate as certificate  # noqa: PLC0414 - handed on
