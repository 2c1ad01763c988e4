"""No container engine may be at hand: the files are held against the specification and the tree."""

import fnmatch
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
INSTRUCTIONS = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text()).splitlines()


def instructions(name: str) -> list[str]:
    return [line.removeprefix(name).strip() for line in INSTRUCTIONS if line.startswith(name + " ")]


def test_docker_compose_yml_follows_the_compose_specification():
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", ROOT / "docker-compose.yml"),
        ],
        capture_output=True,
        text=True,
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_web_service_waits_for_servers_that_are_well():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    for name, wanted in services["web"]["depends_on"].items():
        assert wanted == {"condition": "service_healthy"}
        assert "healthcheck" in services[name]


def test_only_the_web_service_can_be_reached_and_only_from_this_machine():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert list(published) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in published["web"])


def test_what_the_image_copies_exists_and_is_not_ignored():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = [line.removeprefix("!") for line in ignored if line.startswith("!")]

    for copied in instructions("COPY"):
        if copied.startswith("--from="):
            continue
        for source in copied.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert any(fnmatch.fnmatch(source, pattern) for pattern in let_in), source


def test_the_image_does_not_run_as_root_and_knows_when_it_is_well():
    assert instructions("USER")[-1] == "voiceassistant"
    assert "/health" in instructions("HEALTHCHECK")[-1]


def test_stages_are_named_before_they_are_used():
    stages = {
        match[1] for line in instructions("FROM") if (match := re.search(r" AS (\w+)$", line))
    }
    used = {match[1] for line in instructions("COPY") if (match := re.match(r"--from=(\w+)", line))}

    assert used == stages
