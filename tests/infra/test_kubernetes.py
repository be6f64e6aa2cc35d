"""The manifests for Kubernetes say what the rest of the repository says: quick, and true without a cluster.

Whether a cluster would take them is asked by the schemas, in tests/system/test_kubernetes_schemas.py.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from contract.topics import PLAYER_EVENTS, TOPICS
from processors.state import APP, CHANGELOG
from tests.infra.kustomization import BrokenError, Built, Manifest, build, read

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / "infra" / "kubernetes"
OVERLAYS: Final = ("small", "production")
EACH: Final = pytest.mark.parametrize("overlay", OVERLAYS)


@cache
def built(overlay: str) -> Built:
    """Everything of one overlay; nobody changes it."""
    return build(FOLDER / "overlays" / overlay)


def manifests(overlay: str) -> list[Manifest]:
    """The manifests of one overlay."""
    return built(overlay).manifests


def one(overlay: str, kind: str, name: str) -> Manifest:
    """The manifest of that kind and name."""
    (found,) = (each for each in manifests(overlay) if (each["kind"], each["metadata"]["name"]) == (kind, name))
    return found


def pods(overlay: str) -> dict[str, Manifest]:
    """What each Deployment, StatefulSet and Job runs, by its name."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in manifests(overlay)
        if each["kind"] in {"Deployment", "StatefulSet", "Job"}
    }


def composed() -> dict[str, Any]:
    """The services of docker-compose.yml."""
    (file,) = read(ROOT / "docker-compose.yml")
    services: dict[str, Any] = file["services"]
    return services


@EACH
def test_the_topics_are_those_of_the_contract(overlay: str) -> None:
    """Names, partitions and settings are the contract's; the changelog of the workers' table is the one more."""
    found = {
        each["metadata"]["name"]: (
            each["spec"]["partitions"],
            {name: str(value) for name, value in each["spec"]["config"].items()},
        )
        for each in manifests(overlay)
        if each["kind"] == "KafkaTopic"
    }
    del found[CHANGELOG]
    assert found == {topic.name: (topic.partitions, topic.config) for topic in TOPICS}


@EACH
def test_no_topic_has_more_copies_than_there_are_brokers(overlay: str) -> None:
    """One broker, one copy; three brokers, three copies, and a write that two of them have."""
    pools = [each["spec"] for each in manifests(overlay) if each["kind"] == "KafkaNodePool"]
    brokers = sum(pool["replicas"] for pool in pools if "broker" in pool["roles"])
    copies = {each["spec"]["replicas"] for each in manifests(overlay) if each["kind"] == "KafkaTopic"}
    config = one(overlay, "Kafka", "river")["spec"]["kafka"]["config"]
    assert copies == {value for name, value in config.items() if name.endswith("replication.factor")} == {brokers}
    assert {value for name, value in config.items() if name.endswith(("min.isr", "insync.replicas"))} == {
        min(brokers, 2)
    }


@EACH
def test_workers_are_as_many_as_the_lag_of_their_own_group_asks_for(overlay: str) -> None:
    """KEDA reads the group and topic the workers use, and never asks for more workers than there are partitions."""
    asked = one(overlay, "ScaledObject", "worker")["spec"]
    (trigger,) = asked["triggers"]
    settings = built(overlay).settings["settings"]
    assert asked["maxReplicaCount"] == PLAYER_EVENTS.partitions
    assert trigger["metadata"] == {
        "bootstrapServers": settings["WHITEWATER_KAFKA"],
        "consumerGroup": APP,
        "topic": PLAYER_EVENTS.name,
        "lagThreshold": "15000",
        "offsetResetPolicy": "earliest",
    }
    assert "replicas" not in one(overlay, "Deployment", asked["scaleTargetRef"]["name"])["spec"]
    (words,) = read(FOLDER / "overlays" / overlay / "kustomization.yaml")
    assert f".{words['namespace']}.svc:" in trigger["metadata"]["bootstrapServers"], "KEDA asks from another namespace"


@EACH
def test_a_pod_has_nothing_it_need_not_have(overlay: str) -> None:
    """A read-only disk, no capability, no way to gain one, no root, no key to the cluster, a limit of memory."""
    for name, pod in pods(overlay).items():
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] > 0, name
        assert pod["automountServiceAccountToken"] is False, name
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
            }, name  # fmt: skip
            assert "memory" in container["resources"]["limits"], name


@EACH
def test_no_service_becomes_a_setting(overlay: str) -> None:
    """A cluster tells each pod of the services beside it in variables; one could be named like a setting of ours."""
    assert all(pod["enableServiceLinks"] is False for pod in pods(overlay).values())


@EACH
def test_what_a_pod_refers_to_is_made(overlay: str) -> None:
    """Every config map and secret is generated, and every volume that is mounted is there."""
    claimed = {
        each["metadata"]["name"]: {claim["metadata"]["name"] for claim in each["spec"]["volumeClaimTemplates"]}
        for each in manifests(overlay)
        if each["kind"] == "StatefulSet"
    }
    for name, pod in pods(overlay).items():
        volumes = {volume["name"] for volume in pod["volumes"]} | claimed.get(name, set())
        for container in [*pod.get("initContainers", []), *pod["containers"]]:
            for source in container.get("envFrom", []):
                assert source.get("configMapRef", {"name": "settings"})["name"] in built(overlay).settings
                assert source.get("secretRef", {"name": "secrets"})["name"] in built(overlay).secrets
            for one_of in container.get("env", []):
                assert (
                    one_of.get("valueFrom", {"secretKeyRef": {"name": "secrets"}})["secretKeyRef"]["name"] == "secrets"
                )
            assert {mount["name"] for mount in container.get("volumeMounts", [])} <= volumes


@EACH
def test_a_cluster_is_closed_and_only_the_api_knows_the_keys(overlay: str) -> None:
    """No setting opens it, no key is in a manifest, and the whole secret goes to the API alone."""
    settings = built(overlay).settings["settings"]
    assert settings["WHITEWATER_ACCESS"] == "closed"
    assert "WHITEWATER_TOKEN_KEYS" not in settings
    knows = {
        name
        for name, pod in pods(overlay).items()
        for container in [*pod.get("initContainers", []), *pod["containers"]]
        if any("secretRef" in source for source in container.get("envFrom", []))
        or any(each["name"] == "WHITEWATER_TOKEN_KEYS" for each in container.get("env", []))
    }
    assert knows == {"api"}
    assert "| `WHITEWATER_TOKEN_KEYS` |" in (ROOT / "docs" / "deployment.md").read_text()


def test_containers_are_the_same_as_on_a_laptop() -> None:
    """The images and the commands are those of docker-compose.yml, and a worker is asked the same question."""
    services = composed()
    for name, pod in pods("small").items():
        assert pod["containers"][0]["image"] == services[name]["image"]
        if services[name]["image"] == "whitewater":
            assert pod["containers"][0]["command"] == services[name]["command"]
    asked = pods("small")["worker"]["containers"][0]["readinessProbe"]["exec"]["command"]
    assert ["CMD", *asked] == services["worker"]["healthcheck"]["test"]


def test_kafka_is_the_one_that_is_tested() -> None:
    """Its version is the lock's, which every system test runs on."""
    version = one("production", "Kafka", "river")["spec"]["kafka"]["version"]
    assert f"org.apache.kafka:kafka_2.13:{version} " in (ROOT / "infra" / "local" / "kafka.lock").read_text()


def test_whoever_has_a_port_is_named_in_the_policy_that_shuts_the_rest() -> None:
    """A pod of ours that no rule names could be reached by anybody."""
    rule = one("small", "NetworkPolicy", "nothing-by-default")["spec"]["podSelector"]["matchExpressions"][0]
    assert set(rule["values"]) == set(pods("small"))


def test_no_secret_is_in_the_repository() -> None:
    """Both overlays read a file that the user makes and that git does not take."""
    for overlay in OVERLAYS:
        (words,) = read(FOLDER / "overlays" / overlay / "kustomization.yaml")
        assert words["secretGenerator"] == [{"name": "secrets", "envs": ["secret.env"]}]
    assert "infra/kubernetes/overlays/*/secret.env" in (ROOT / ".gitignore").read_text().split()
    assert not any(each["kind"] == "Secret" for overlay in OVERLAYS for each in manifests(overlay))


def write(folder: Path, words: str) -> Path:
    """A folder with one manifest, and a kustomization that says `words` besides."""
    (folder / "map.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: stones}, data: {many: '3'}}")
    (folder / "kustomization.yaml").write_text(f"resources: [map.yaml]\n{words}")
    (folder / "fewer.yaml").write_text("[{op: replace, path: /data/many, value: '1'}]")
    (folder / "astray.yaml").write_text("[{op: replace, path: /data/mnay, value: '1'}]")
    return folder


def test_a_patch_changes_what_it_meets(tmp_path: Path) -> None:
    """Three stones become one."""
    folder = write(tmp_path, "patches: [{path: fewer.yaml, target: {kind: ConfigMap}}]")
    assert build(folder).manifests[0]["data"] == {"many": "1"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("patches: [{path: fewer.yaml, target: {kind: Secret}}]", "fewer.yaml meets no Secret"),
        ("patches: [{path: fewer.yaml, target: {kind: ConfigMap, name: sand}}]", "fewer.yaml meets no ConfigMap"),
        ("patches: [{path: more.yaml, target: {kind: ConfigMap}}]", "is not there"),
        ("patches: [{path: astray.yaml, target: {kind: ConfigMap}}]", "ConfigMap stones has no /data/mnay"),
        ("configMapGenerator: [{name: settings, behavior: merge, literals: [A=1]}]", "merged into nothing"),
        ("replacements: []", "replacements is not understood"),
    ],
)
def test_a_kustomization_that_refers_to_nothing_is_refused(tmp_path: Path, words: str, said: str) -> None:
    """The sentence says what is not there."""
    with pytest.raises(BrokenError, match=said):
        build(write(tmp_path, words))
