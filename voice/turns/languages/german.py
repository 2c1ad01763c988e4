"""German. Tables only."""

from voice.turns.languages.word_classes import WordClasses, words

GERMAN = WordClasses(
    open=words(
        "der die das den dem des ein eine einen einem einer eines mein meine meinen meinem",
        "meiner dein deine deinen sein seine seinen ihr ihre ihren unser unsere euer eure",
        "kein keine keinen dieser diese dieses diesen diesem jeder jede jedes jeden welcher",
        "welche welches manche einige mehrere viele alle beide in im am vom zum zur beim ins",
        "ans für von bei seit durch gegen ohne über unter zwischen hinter neben wegen trotz",
        "während bis ab und oder aber denn sondern weil dass ob wenn als damit obwohl sowie",
        "ich du er wir man es bin bist ist sind seid war waren habe hast hat haben hatte wird",
        "werde werden will willst möchte möchtest möchten kann kannst können könnte könnten",
        "soll sollte muss müssen darf würde würden brauche brauchen suche gibt sehr ganz so",
        "zu mehr weniger auch nur noch schon sogar besonders ziemlich eigentlich vielleicht",
        "wahrscheinlich ungefähr etwa circa wie was wo wer wann warum",
    ),
    fillers=words(
        "äh ähm öh hm hmm mm also naja tja na ja_also sagen_wir wie_soll_ich_sagen moment",
        "warte",
    ),
    lead_ins=words(
        "kannst_du können_sie könntest_du ich_möchte also nun okay_also warte moment",
        "einen_moment ach gibt_es ist_es_möglich wäre_es_möglich",
    ),
    answers=words(
        "nein diese dieser dieses das ich er mehr auch noch schon vielleicht wahrscheinlich",
        "alle beide viele einige wann wo was wer wie warum",
    ),
    closed=words(
        "ist_es es_ist das_ist ich_auch er_ist sie_ist nicht_mehr noch_mehr ich_bin ich_habe",
        "ich_kann ich_will alle_beide das_war es_war",
    ),
    adjectives=words(
        "kleine kleinen kleines kleiner große großen großes neue neuen neues alte alten altes",
        "gute guten gutes nächste nächsten letzte letzten erste ersten zweite zweiten dritte",
        "dritten",
    ),
    degrees=words("sehr zu so ganz"),
    stranded=frozenset(),
    object_questions=frozenset(),
    wanting=words("sag_mir zeig_mir gib_mir erzähl_mir mir_sagen weißt_du"),
    dictates=words("nummer telefonnummer code pin postleitzahl buchstabiert e-mail adresse"),
    subordinators=words("wenn weil obwohl als während nachdem bevor falls sobald da"),
    questions=words(
        "was wo wer wann warum wie wieso weshalb welche welcher welches wohin woher wen wem",
        "ist sind war hat haben hast kann kannst können könnten könntest wird werden gibt",
        "darf soll bitte sag sage zeig stell stelle mach mache spiel spiele such suche erzähl",
        "erkläre erinnere ruf schick schalte buche",
    ),
    interrogatives=words("was wo wer wann warum wie wieso weshalb welche welcher welches"),
    numbers=words(
        "null eins zwei zwo drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig",
        "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend punkt strich",
        "komma",
    ),
    copulas=words(
        "ist sind war waren hat haben habe wird werden kann kannst können könnte könntest",
        "soll sollte muss darf gibt heißt macht kostet geht fährt kommt liegt steht",
    ),
)
