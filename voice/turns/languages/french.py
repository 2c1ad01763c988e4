"""French. Tables only."""

from voice.turns.languages.word_classes import WordClasses, words

FRENCH = WordClasses(
    open=words(
        "le la les l un une des du de d au aux mon ma mes ton ta tes son sa ses notre nos",
        "votre vos leur leurs ce cet cette ces chaque quelques plusieurs quel quelle quels",
        "quelles à dans en par pour sur sous avec sans chez entre vers contre depuis pendant",
        "avant après et ou mais donc car ni que qu parce_que si quand comme lorsque puisque",
        "dont où qui je j tu il elle on nous vous ils elles ne n se s me m te t y suis es est",
        "sommes êtes sont étais était ai as a avons avez ont avait vais va vont veux veut",
        "voudrais voudrait peux peut pouvez dois doit faut fait être avoir c'est j'ai il_y_a",
        "très trop plus moins aussi encore juste vraiment assez presque environ peut-être",
        "d'un d'une qu'il qu'elle qu'on est-ce qu'est-ce",
    ),
    fillers=words(
        "euh heu hum hm bah ben bon alors enfin voyons disons attends eh_bien tu_sais",
        "vous_savez je_veux_dire",
    ),
    lead_ins=words(
        "peux-tu pouvez-vous est-ce_que je_voudrais alors bon eh_bien attends attendez",
        "un_instant est-il_possible y_a-t-il est-ce_possible",
    ),
    answers=words(
        "non moi elle lui nous vous moins plus encore aussi presque peut-être qui quoi où",
        "quand",
    ),
    closed=words(
        "je_suis il_est elle_est c_est il_a moi_aussi non_plus avec_moi pour_vous pour_moi",
        "avec_nous avec_lui avec_elle chez_moi de_plus en_plus",
    ),
    adjectives=words(
        "petit petite petits grand grande grands bon bonne bons vieux vieille nouveau",
        "nouvelle beau belle premier première dernier dernière prochain",
    ),
    degrees=words("très trop plus si"),
    stranded=frozenset(),
    object_questions=frozenset(),
    wanting=words("dis-moi dites-moi me_dire montre-moi donne-moi savez-vous"),
    dictates=words("numéro code téléphone adresse e-mail mail"),
    subordinators=words("si quand parce comme lorsque puisque pendant après avant bien"),
    questions=words(
        "qui que quoi quel quelle quels quelles où quand comment pourquoi combien est-ce",
        "qu'est-ce peux pouvez peut-on pourrais pourriez pouvez-vous peux-tu dis dites mets",
        "montre joue appelle rappelle envoie cherche explique est-il y_a-t-il",
    ),
    interrogatives=words("quel quelle quels quelles où quand comment pourquoi combien"),
    numbers=words(
        "zéro deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze",
        "seize vingt trente quarante cinquante soixante cent mille point tiret arobase",
    ),
    copulas=words(
        "est sont était a ont fait va vont peut peux pouvez fera fera-t-il est-ce est-il",
        "coûte part habite faut veut dois doit as avez sera",
    ),
)
