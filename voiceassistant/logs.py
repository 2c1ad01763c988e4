"""Structured logs: one event name per thing that happened, fields instead of prose.

Of what an exception says only the first line is kept. What follows tends to be somebody's data: the
row that PostgreSQL refused, the input that pydantic did.
"""

import logging
import sys
from traceback import TracebackException
from typing import TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, WrappedLogger

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
        [structlog.processors.ExceptionRenderer(_traceback), structlog.processors.JSONRenderer()]
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
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _first_lines,
                *rendering,
            ],
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

    def show(out: TextIO, error: ExcInfo) -> None:
        out.write("\n" + _traceback(error))

    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=show)


def _first_lines(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """asyncio, for one, puts the exception below the first line of what it says."""
    for name in ("event", "error"):
        if isinstance(text := event.get(name), str):
            event[name] = _first_line(text)
    return event


def _traceback(exc_info: ExcInfo) -> str:
    told = TracebackException(*exc_info, compact=True)
    _shorten(told)
    return "".join(told.format()).rstrip("\n")


def _shorten(told: TracebackException) -> None:
    # Nothing public changes what an exception is said to say, and that of its causes.
    told._str = _first_line(told._str)  # type: ignore[attr-defined]
    for other in (told.__cause__, told.__context__, *(told.exceptions or ())):
        if other is not None:
            _shorten(other)


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
