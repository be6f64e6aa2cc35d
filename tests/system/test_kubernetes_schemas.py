"""A cluster would take the manifests: every field of every one is known to the schema of its kind.

Core kinds are held against Kubernetes' own schemas, Strimzi's and KEDA's against those of the operators
(infra/operators.py, which fetches them once). No cluster is started: what a controller does with them is not asked.
"""

import asyncio
import copy
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Final

import jsonschema
import kubernetes_validate
import pytest
from msgspec import Struct

from contract.environment import variable
from engagement_api.__main__ import Settings as ApiSettings
from engagement_api.kafka import Settings as BrokerSettings
from engagement_api.keys import Settings as DoorSettings
from infra.operators import Schema, schemas
from processors.app import Settings, Worker, new_app
from tests.infra.kustomization import Manifest
from tests.infra.test_kubernetes import FOLDER, OVERLAYS, ROOT, built, manifests, one

VERSION: Final = "1.37"
REFUSED: Final = (kubernetes_validate.ValidationError, jsonschema.ValidationError)


@pytest.fixture(scope="module", name="operators")
def _operators() -> dict[str, Schema]:
    return schemas(print)


def check(manifest: Manifest, operators: dict[str, Schema]) -> None:
    """Raises one of `REFUSED` for a manifest that a cluster would not take as it is."""
    kind = f"{manifest['apiVersion']}/{manifest['kind']}"
    if kind in operators:
        jsonschema.Draft202012Validator(operators[kind]).validate(manifest)
    else:
        kubernetes_validate.validate(manifest, VERSION, strict=True)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_cluster_would_take_every_manifest(overlay: str, operators: dict[str, Schema]) -> None:
    """No field is unknown, missing or of another type, in what the overlay has made of the base."""
    for manifest in manifests(overlay):
        check(manifest, operators)
    kinds = {manifest["kind"] for manifest in manifests(overlay)}
    assert kinds >= {"Kafka", "KafkaNodePool", "KafkaTopic", "ScaledObject", "Deployment", "NetworkPolicy"}


def misspell(word: str, wrong: str) -> Callable[[Manifest], None]:
    """Give the field `word` of a spec another name."""

    def change(manifest: Manifest) -> None:
        manifest["spec"][wrong] = manifest["spec"].pop(word)

    return change


def put(word: str, value: object) -> Callable[[Manifest], None]:
    """Give the field `word` of a spec another value."""

    def change(manifest: Manifest) -> None:
        manifest["spec"][word] = value

    return change


@pytest.mark.parametrize(
    ("kind", "name", "change"),
    [
        ("Deployment", "api", misspell("replicas", "replica")),
        ("Deployment", "api", put("replicas", "two")),
        ("PodDisruptionBudget", "worker", misspell("maxUnavailable", "maxUnavailabel")),
        ("NetworkPolicy", "api-to-redis", put("policyTypes", "Ingress")),
        ("Kafka", "river", misspell("entityOperator", "entityOperators")),
        ("Kafka", "river", put("kafka", {"version": 4.3})),
        ("KafkaNodePool", "brokers", misspell("roles", "role")),
        ("KafkaNodePool", "brokers", put("roles", ["borker"])),
        ("KafkaTopic", "adaptations", put("partitions", "8")),
        ("KafkaTopic", "adaptations", misspell("config", "configs")),
        ("ScaledObject", "worker", misspell("maxReplicaCount", "maxReplicas")),
        ("ScaledObject", "worker", put("pollingInterval", "10s")),
    ],
)
def test_a_broken_manifest_is_refused(
    operators: dict[str, Schema], kind: str, name: str, change: Callable[[Manifest], None]
) -> None:
    """One field misspelt or of another type is enough, whichever the kind."""
    broken = copy.deepcopy(one("production", kind, name))
    change(broken)
    with pytest.raises(REFUSED):
        check(broken, operators)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_setting_is_one_that_somebody_reads(overlay: str) -> None:
    """A variable that no process knows would be passed over in silence."""
    kinds: tuple[type[Struct], ...] = (ApiSettings, BrokerSettings, DoorSettings, Settings)
    known = {variable(field) for kind in kinds for field in kind.__struct_fields__}
    assert built(overlay).settings["settings"].keys() <= known


def test_the_changelog_is_the_one_that_the_workers_would_make() -> None:
    """Name, partitions and settings are Faust's own; only the copies are more."""

    async def made() -> dict[str, Any]:
        table: Any = Worker(new_app(Settings()), None, Settings())._table
        topic = table.changelog_topic
        assert (topic.compacting, topic.deleting) == (True, None)
        config = {"cleanup.policy": "compact"} | topic.config
        return {"name": topic.get_topic_name(), "partitions": topic.partitions, "config": config}

    expected = asyncio.run(made())
    topic = one("production", "KafkaTopic", expected["name"])["spec"]
    assert {"partitions": topic["partitions"], "config": topic["config"], "name": expected["name"]} == expected


def test_a_pod_waits_until_the_topics_are_there(kafka: str) -> None:
    """With the contract's topics it goes on; for one that nobody makes it waits, and says so."""
    command = [sys.executable, "-m", "infra.topics", "await"]
    env = os.environ | {"WHITEWATER_KAFKA": kafka}
    subprocess.run(command, env=env, cwd=ROOT, check=True, timeout=20)
    waiting = subprocess.Popen([*command, "a-pool-nobody-dug"], env=env, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert waiting.stderr is not None
        assert waiting.stderr.readline() == f"{kafka} does not have a-pool-nobody-dug yet: asked again in 2 s\n"
        assert waiting.poll() is None
    finally:
        waiting.terminate()
        waiting.communicate(timeout=20)


def test_both_locks_name_what_the_documents_say() -> None:
    """The versions of the operators that docs/deployment.md names are those the schemas are made from."""
    page = (ROOT / "docs" / "deployment.md").read_text()
    strimzi = (FOLDER / "strimzi.lock").read_text()
    assert "Strimzi 1.2.0" in page
    assert "io.strimzi:api:1.2.0 " in strimzi
    assert "KEDA 2.16.1" in page
    assert "cloudcoil-models-keda==2.16.1.0" in (FOLDER / "keda.txt").read_text()
