"""Facts about a user from their conversations that ended."""

from uuid import UUID

from procrastinate import JobContext

from conversations import jobs
from conversations.facts import distilled, pieces
from conversations.facts.distilled import DistilledFact
from conversations.facts.pieces import Piece
from voice.background.app import PATIENCE, chains_of, tasks
from voice.background.finding import Finding, Line, findings, prompt_for
from voice.background.threads import run
from voice.background.writing import has_language_model, write
from voice.providers.chains import Chains


@tasks.task(name="distil", retry=PATIENCE, pass_context=True)
async def distil(context: JobContext, conversation_id: str) -> None:
    await distil_with(chains_of(context), UUID(conversation_id))


@tasks.periodic(cron="37 * * * *")
@tasks.task(name="distil_left_over", retry=PATIENCE, pass_context=True, priority=-1)
async def distil_left_over(context: JobContext, timestamp: int) -> None:
    """See to conversations that ended while there was no language model."""
    if has_language_model(chains_of(context)):
        await run(_defer_left_over)


async def distil_with(chains: Chains, conversation_id: UUID) -> int:
    """Look at what nobody has looked at yet of a conversation that ended, piece by piece. Without
    a language model it is left for later. Returns how many facts were new. Raises ProviderError;
    the pieces before are done then."""
    new = 0
    while has_language_model(chains) and (piece := await run(pieces.next_piece, conversation_id)):
        new += await run(distilled.keep, piece, await _found_in(chains, piece))
    return new


async def _found_in(chains: Chains, piece: Piece) -> list[DistilledFact]:
    lines = [
        Line(turn.number, turn.role == turn.Role.USER, turn.started_at, turn.text)
        for turn in piece.turns
    ]
    said_by_user = {line.turn for line in lines if line.is_user}
    if not said_by_user:
        return []
    known = [fact.text for fact in piece.known]
    prompt = prompt_for(lines, known, time_zone=piece.time_zone, language=piece.language)
    answer = await write(chains, prompt)
    found = findings(answer, turns=said_by_user, known=len(known))
    return [_distilled(finding, piece) for finding in found if finding.same_as is None]


def _distilled(finding: Finding, piece: Piece) -> DistilledFact:
    old = None if finding.supersedes is None else piece.known[finding.supersedes - 1].pk
    return DistilledFact(finding.text, finding.turn, finding.confidence, old)


def _defer_left_over() -> None:
    for conversation_id in pieces.left_over():
        jobs.defer("distil", conversation_id=conversation_id)
