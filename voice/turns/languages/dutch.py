"""Dutch. Tables only."""

from voice.turns.languages.word_classes import WordClasses, words

DUTCH = WordClasses(
    open=words(
        "de het een mijn jouw je zijn haar ons onze jullie hun deze dit die dat elke elk",
        "ieder iedere geen sommige veel verschillende welke welk in op van naar voor met bij",
        "tot tussen door over onder tegen zonder sinds tijdens vanaf te binnen langs volgens",
        "en of maar want omdat als wanneer terwijl hoewel zodat dus ik jij hij zij we wij ze",
        "er u ben bent is was waren heb hebt heeft hebben had word wordt worden wil wilt",
        "willen zou zouden kan kun kunt kunnen moet moeten mag ga gaat gaan zal zullen zoek",
        "heel erg zo meer minder ook alleen nog al bijna best misschien ongeveer wat waar wie",
        "hoe waarom",
    ),
    fillers=words("eh ehm uh uhm hm mm nou tja dus zeg_maar even_kijken eigenlijk"),
    lead_ins=words(
        "kun_je kunt_u nou dus wacht even_wachten kijk is_er zijn_er is_het_mogelijk",
    ),
    answers=words(
        "nee ik jij hij zij wij deze dit die dat veel sommige ook meer minder misschien bijna",
        "geen",
    ),
    closed=words(
        "het_is dat_is ik_ook ik_ben niet_meer nog_meer ik_wil ik_kan dat_was is_het",
    ),
    adjectives=words(
        "kleine grote nieuwe oude goede mooie volgende laatste eerste tweede derde lange",
        "korte",
    ),
    degrees=words("heel erg zo te"),
    stranded=frozenset(),
    object_questions=frozenset(),
    wanting=words("vertel_me zeg_me me_vertellen weet_je"),
    dictates=words("nummer telefoonnummer code postcode adres e-mail"),
    subordinators=words("als omdat wanneer terwijl hoewel nadat voordat toen zodra"),
    questions=words(
        "wat waar wie wanneer waarom hoe welke welk hoeveel is zijn kan kun kunt kunnen mag",
        "wil heeft heb zou zet speel stel bel zoek stuur vertel geef herinner laat",
    ),
    interrogatives=words("wat waar wie wanneer waarom hoe welke welk hoeveel"),
    numbers=words(
        "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf twintig dertig",
        "veertig vijftig zestig zeventig tachtig negentig honderd duizend punt streepje",
    ),
    copulas=words(
        "is zijn was heeft heb kan kun kunt kunnen wordt gaat kost vertrekt woont moet mag",
        "zal wil doe doet betekent heet",
    ),
)
