"""How fast the simulated vendors of `bench.latency` are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    interim_every_s: float
    """Of sound, between two interim transcripts; 0 for one with every word."""
    transcript_s: float
    """From the sound of a word to an interim that has it."""
    final_s: float
    """From Finalize, or from the last word, to the final transcript."""
    silence_s: float
    """Heard before a final transcript comes unasked."""
    first_token_s: float
    token_s: float
    """From one word of the model to the next."""
    first_audio_s: float
    """From the first text that the voice gets to its first sound."""
    pace: float
    """What a second of speech takes the voice, in seconds."""


ZERO = Profile(
    "zero",
    interim_every_s=0.0,
    transcript_s=0.0,
    final_s=0.0,
    silence_s=0.14,
    first_token_s=0.0,
    token_s=0.0,
    first_audio_s=0.0,
    pace=0.0,
)
TYPICAL = Profile(
    "typical",
    interim_every_s=0.2,
    transcript_s=0.15,
    final_s=0.15,
    silence_s=0.14,
    first_token_s=0.2,
    token_s=0.01,
    first_audio_s=0.12,
    pace=0.2,
)
PROFILES = {profile.name: profile for profile in (ZERO, TYPICAL)}
