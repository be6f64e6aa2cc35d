"""The system tests' Kafka and Redis, for the long ones that need no whole stack."""

from tests.system.conftest import _kafka, redis_url

__all__ = ["_kafka", "redis_url"]
