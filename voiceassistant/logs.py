"""Structured logs: one event name per thing that happened, fields instead of prose."""

import logging
import sys

import structlog

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
QUIET = (
    "daphne",
    "twisted",
    "asyncio",
    "httpx",
    "httpcore",
    "httpx2",
    "httpcore2",
    "openai",
    "assemblyai",
    "cartesia",
    "groq",
    "deepgram",
    "websockets",
    "urllib3",
    "sentence_transformers",
    "psycopg.pool",
    "procrastinate",
    "watchfiles",
)
"""Libraries that tell at INFO or DEBUG what they are doing: some of it is what people said, or the
headers of a request with its key. Theirs is heard from WARNING on, whatever LOG_LEVEL says."""


def configure(*, level: str, form: str) -> None:
    """Send every log record, ours and the libraries', to stderr as JSON lines or for reading.

    level: one of LEVELS. form: "json" or "console"."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering: list[structlog.types.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if form == "json"
        else [_for_reading()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)


def _for_reading() -> structlog.types.Processor:
    """Plain tracebacks: the pretty ones show the values of variables, and so what people said."""
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
