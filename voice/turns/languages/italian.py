"""Italian. Tables only."""

from voice.turns.languages.word_classes import WordClasses, words

ITALIAN = WordClasses(
    open=words(
        "il lo la i gli le l un uno una un' mio mia miei mie tuo tua suo sua nostro nostra",
        "vostro loro questo questa questi queste quel quello quella quei quegli ogni qualche",
        "alcuni alcune quale quali molti molte di a da in con su per tra fra del dello della",
        "dei degli delle al allo alla ai agli alle dal dalla nel nella nei sul sulla senza",
        "verso sopra sotto durante dopo prima fino e ed o oppure ma però perché che se quando",
        "come mentre anche_se dove io tu lui lei noi voi mi ti si ci vi non sono sei è siamo",
        "siete era ho hai ha abbiamo avete hanno voglio vuole vorrei vuoi posso può puoi devo",
        "deve vado va fa c'è molto più meno così anche solo quasi abbastanza davvero forse",
        "ancora troppo",
    ),
    fillers=words("ehm eh uhm mm hm cioè allora dunque insomma diciamo beh boh"),
    lead_ins=words(
        "allora dunque beh aspetta un_attimo senti è_possibile sarebbe_possibile",
    ),
    answers=words(
        "no io tu lui lei noi questo questa quello quella molti anche ancora forse più meno",
        "quasi sei",
    ),
    closed=words(
        "non_è lo_è sì_è ci_sono non_posso anche_io di_più non_più per_lei per_lui con_lui",
        "non_so lo_so",
    ),
    adjectives=words("piccolo piccola grande bel bella buon buona primo prima nuovo nuova"),
    degrees=words("molto troppo più così"),
    stranded=frozenset(),
    object_questions=frozenset(),
    wanting=words("dimmi mi_dica puoi_dirmi può_dirmi dirmi a_che_ora mi_può"),
    dictates=words("numero codice telefono indirizzo e-mail"),
    subordinators=words("se quando perché mentre anche siccome dopo prima"),
    questions=words(
        "che chi cosa dove quando come quale quali quanto quanta quanti quante perché può",
        "puoi potrebbe potresti è c'è ci_sono hai ha metti dimmi mostra chiama cerca manda",
        "spiega ricordami accendi spegni",
    ),
    interrogatives=words("dove quando come quale quali quanto quanta quanti quante"),
    numbers=words(
        "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici venti trenta",
        "quaranta cinquanta sessanta settanta ottanta novanta cento mille punto trattino",
        "chiocciola",
    ),
    copulas=words(
        "è sono era ha hanno c'è fa farà può puoi va costa parte abita sta stai si_chiama",
        "vuole devo posso sarà",
    ),
)
