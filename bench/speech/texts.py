"""What synthetic voices say in the sets of speech: by language and purpose, tables only."""

# fmt: off
VOICES = {
    "en": ("en-us", "en", "en-us+f2", "en-us+m3", "en-gb-scotland", "en-029", "en-us+f4",
           "en-us+m7"),
    "de": ("de", "de+f2", "de+m3"),
    "fr": ("fr", "fr+f2"),
    "es": ("es", "es+f3"),
    "it": ("it", "it+f2"),
    "pt": ("pt", "pt+f2"),
    "nl": ("nl", "nl+f2"),
}

SENTENCES = {
    "en": (
        "What is the weather like tomorrow?",
        "Set a timer for ten minutes.",
        "I need to change my appointment on Friday.",
        "Can you tell me when the next train leaves for Oxford?",
        "Please send the invoice to my work address.",
        "How much does the large one cost?",
        "My order arrived yesterday and the screen is broken.",
        "Play something quiet.",
        "I'd like to book a table for two people at eight.",
        "Who wrote the second book in that series?",
        "Turn off the lights in the kitchen.",
        "Tell me a story about a dragon who was afraid of fire.",
        "I think we should leave earlier than last time.",
        "Where did I park the car?",
        "My account number is four seven one two nine.",
        "The meeting was moved to the third of March.",
        "Is it possible to get a refund?",
        "That's not what I asked for.",
        "I live in the old house behind the station.",
        "Remind me to call my mother tonight.",
        "What happened in the news this morning?",
        "We are looking for a hotel near the beach with a pool.",
        "Could you explain how a heat pump works?",
        "I have already tried to restart it twice.",
    ),
    "de": (
        "Wie wird das Wetter morgen in Hamburg?",
        "Stell bitte einen Wecker auf sieben Uhr.",
        "Ich habe gestern ein Paket bekommen, das nicht mir gehört.",
        "Können Sie mir sagen, wann der nächste Zug fährt?",
        "Meine Schwester wohnt seit zwei Jahren in München.",
    ),
    "fr": (
        "Quel temps fera-t-il demain à Paris ?",
        "Je voudrais réserver une table pour deux personnes.",
        "Pouvez-vous me dire à quelle heure part le train ?",
        "Mon frère habite dans une petite maison près de la mer.",
    ),
    "es": (
        "¿Qué tiempo hará mañana en Madrid?",
        "Quiero cambiar la cita del viernes.",
        "¿Puede decirme a qué hora sale el tren?",
        "Mi hermana vive en una casa cerca de la playa.",
    ),
    "it": (
        "Che tempo farà domani a Roma?",
        "Vorrei prenotare un tavolo per due persone.",
        "Mio fratello abita in una casa vicino al mare.",
    ),
    "pt": (
        "Como vai estar o tempo amanhã em Lisboa?",
        "Eu queria mudar a minha consulta de sexta-feira.",
        "A minha irmã mora numa casa perto da praia.",
    ),
    "nl": (
        "Wat voor weer wordt het morgen in Utrecht?",
        "Ik wil graag een tafel reserveren voor twee personen.",
        "Mijn broer woont in een klein huis bij de zee.",
    ),
}

ANSWERS = {
    "en": ("Yes.", "No.", "One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven.", "Eight.",
           "Nine.", "Zero.", "Okay.", "Maybe.", "Sure.", "Tomorrow.", "Blue.", "Yeah.", "Nope.",
           "Stop.", "Thanks.", "Hello?", "Monday.", "London."),
    "de": ("Ja.", "Nein.", "Sieben.", "Morgen.", "Genau.", "Drei."),
    "fr": ("Oui.", "Non.", "Sept.", "Demain.", "Trois."),
    "es": ("Sí.", "No.", "Siete.", "Mañana.", "Tres."),
    "it": ("Sì.", "No.", "Sette.", "Domani."),
    "pt": ("Sim.", "Não.", "Sete.", "Amanhã."),
    "nl": ("Ja.", "Nee.", "Zeven.", "Morgen."),
}

HESITATIONS = {
    "en": (
        "I'd like to book a table for | four people.",
        "Can you tell me | what the capital of Australia is?",
        "I want to go to Paris and | then to Rome.",
        "Um, | what time is it?",
        "My number is oh seven seven | four one two | nine nine six.",
        "It's spelled J A | N S S E N.",
        "My e-mail address is john dot smith | at example dot com.",
        "I was thinking that maybe we could | go out tonight.",
        "The thing is, | I don't really like it.",
        "So | how do I reset my password?",
        "Could you move the meeting to | Thursday afternoon?",
        "I'm looking for a restaurant that's, um, | not too expensive.",
        "Because the | old one is broken.",
        "If it rains tomorrow | what should we do?",
        "What's the difference between | a crocodile and an alligator?",
        "I have two kids, | a dog, | and a very old cat.",
        "Please remind me to | take out the rubbish.",
        "Well, you know, | it's my first time here.",
        "When I was at the station yesterday | somebody took my bag.",
        "The card number is four five three two | one one eight eight.",
    ),
    "de": (
        "Ich möchte einen Tisch für | vier Personen.",
        "Kannst du mir sagen, | wie spät es ist?",
        "Also, ähm, | ich weiß noch nicht genau.",
        "Wir fahren nach Berlin und | dann nach Dresden.",
        "Weil der | alte kaputt ist.",
    ),
    "fr": (
        "Je voudrais une table pour | quatre personnes.",
        "Est-ce que vous pouvez me dire | quelle heure il est ?",
        "Euh, | je ne sais pas encore.",
    ),
    "es": (
        "Quiero una mesa para | cuatro personas.",
        "Voy a París y | después a Roma.",
        "Pues, eh, | no lo sé todavía.",
    ),
    "it": ("Vorrei un tavolo per | quattro persone.", "Vado a Parigi e | poi a Roma."),
    "pt": ("Queria uma mesa para | quatro pessoas.", "Vou a Paris e | depois a Roma."),
    "nl": ("Ik wil een tafel voor | vier personen.", "We gaan naar Parijs en | dan naar Rome."),
}

INTERRUPTIONS = {
    "en": ("Stop!", "Wait a second.", "No, that's wrong.", "Wait, what?", "Hold on.",
           "Yeah but what about the price?", "Actually, never mind.", "Can you repeat that?",
           "I meant the other one.", "Okay, and what about tomorrow?", "No no no.",
           "What do you mean?", "Let me stop you there.", "That's enough, thanks.",
           "Sorry, which one?", "Tell me about the second one instead.", "Be quiet.",
           "How long does that take?", "Right, but is it open on Sundays?", "Next question."),
    "de": ("Stopp!", "Warte mal.", "Nein, das stimmt nicht.", "Ja, aber was kostet das?",
           "Das reicht, danke.", "Wie meinst du das?"),
    "fr": ("Stop !", "Attends.", "Non, ce n'est pas ça.", "Oui mais combien ça coûte ?"),
    "es": ("¡Para!", "Espera un momento.", "No, no es eso.", "Sí, pero ¿cuánto cuesta?"),
    "it": ("Basta!", "Aspetta un attimo.", "Sì, ma quanto costa?"),
    "pt": ("Para!", "Espera um pouco.", "Sim, mas quanto custa?"),
    "nl": ("Stop!", "Wacht even.", "Ja, maar wat kost dat?"),
}

BACKCHANNELS = {
    "en": ("Mm-hm.", "Uh-huh.", "Yeah.", "Right.", "Okay.", "I see.", "Mm.", "Sure.", "Oh.",
           "Yep.", "Got it.", "Wow.", "Yeah, yeah.", "Oh okay.", "Ah, right.", "Great."),
    "de": ("Mhm.", "Ja.", "Genau.", "Okay.", "Ach so.", "Aha.", "Stimmt.", "Ja ja.", "Klar."),
    "fr": ("Mm.", "Oui.", "D'accord.", "Ouais.", "Ah bon.", "OK."),
    "es": ("Sí.", "Ajá.", "Vale.", "Claro.", "Ya.", "Bueno."),
    "it": ("Sì.", "Certo.", "Va bene.", "Capito."),
    "pt": ("Sim.", "Certo.", "Pois é.", "Tá."),
    "nl": ("Ja.", "Oké.", "Precies.", "Klopt."),
}
# fmt: on
