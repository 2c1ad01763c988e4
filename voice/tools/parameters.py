"""What a tool takes, as a JSON schema."""


def one_text(name: str, description: str) -> dict[str, object]:
    """An object with this text in it and nothing else."""
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": description}},
        "required": [name],
    }
