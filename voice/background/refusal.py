"""Which sentences are no facts about somebody but try to tell an assistant what to do. Pure.

A fact enters later prompts, so one that reads like an instruction would be one. Better to lose a
true fact that is worded like that than to keep a false one.
"""

import re

_VERBS = (
    r"(?:answer|reply|respond|say|speak|tell|call|use|refuse|obey|follow|include|start|begin|end|add"
    r"|append|mention|pretend|act|behave|ignore|reveal|repeat|output|write|print|send|open|treat)"
)
_BEGINS = r"(?:^|[.!?:;,\n]\s*|\b(?:and|then|please)\s+)"
_PATTERNS = (
    # somebody addresses the reader
    rf"{_BEGINS}(?:ignore|disregard|override|bypass|pretend|obey|comply)\b",
    rf"{_BEGINS}(?:please|always|never|from now on|do not|don't|make sure|be sure)\b",
    rf"{_BEGINS}forget\s+(?:all|any|every|everything|previous|prior|your|the|what)\b",
    rf"^\s*(?:you\s+)?{_VERBS}\b",
    r"\byou\s+(?:must|should|shall|will|have to|need to|are|may|can)\b",
    r"\b(?:want|wants|asked|asks|told|tells|expect|expects|need|needs|order|orders|would like)\s+"
    r"(?:you|(?:the|this|my|your)\s+(?:\w+\s+)?(?:assistant|ai|model|bot))\b",
    # the assistant and its prompt are spoken of
    r"\b(?:assistant|ai|chatbot|bot|language model|llm)\s+"
    r"(?:must|should|shall|will|has to|needs to|always|never|is to|is allowed|may|can)\b",
    r"\b(?:system|developer|previous|prior|above|these|your|following|new|secret|hidden)\s+"
    r"(?:prompt|instruction|rule|message|guideline|directive)s?\b",
    r"\b(?:every|each|all|any|your)\s+(?:\w+\s+)?(?:answer|reply|replies|response)s?\b",
    r"\b(?:prompt injection|jailbreak|override code|developer mode|admin mode|debug mode)\b",
    # mark-up of prompts
    r"(?:^|\s)(?:system|assistant|user|human|developer|instruction|instructions)\s*:",
    r"<\|?/?\w+|\|>|\[/?(?:inst|sys|system)\]|```|^\s*#{2,}|\{\s*\"",
)
_INSTRUCTION = re.compile("|".join(_PATTERNS), re.IGNORECASE)


def is_instruction(fact: str) -> bool:
    """Whether a sentence that should be a fact reads like an instruction to an assistant."""
    return _INSTRUCTION.search(fact.replace("’", "'")) is not None
