"""Spanish. Tables only."""

from voice.turns.languages.word_classes import WordClasses, words

SPANISH = WordClasses(
    open=words(
        "el la los las un una unos unas lo mi mis tu tus su sus nuestro nuestra este esta",
        "estos estas ese esa esos esas aquel aquella cada algún alguna algunos algunas varios",
        "muchos muchas qué cuál cuáles cuántos cuántas a al de del en con sin por para sobre",
        "entre hacia hasta desde según contra durante ante y e o u pero sino porque que si",
        "cuando como aunque mientras donde yo tú él ella nosotros ellos ellas me te se nos",
        "soy eres es somos son era estoy está estás están he ha has han había voy va vas van",
        "quiero quiere quieres quisiera puedo puede puedes podría tengo tiene tienes hay debo",
        "necesito hace muy más menos tan también solo sólo casi bastante realmente quizás",
        "todavía ya_que",
    ),
    fillers=words("eh em este pues bueno_pues o_sea a_ver mm hm digamos es_decir entonces"),
    lead_ins=words(
        "bueno pues entonces espera un_momento mira es_posible sería_posible",
    ),
    answers=words(
        "no este esta esto ese esa algunos muchos todavía también solo más menos quizás él",
        "ella yo nosotros",
    ),
    closed=words(
        "sí_es no_es así_es no_hay sí_hay no_puedo yo_también nada_más no_más algo_más de_más",
        "para_él con_ella",
    ),
    adjectives=words("gran buen mal primer tercer"),
    degrees=words("muy tan más"),
    stranded=frozenset(),
    object_questions=frozenset(),
    wanting=words("dime puedes_decirme puede_decirme decirme dime_qué a_qué_hora me_puede"),
    dictates=words("número código teléfono correo dirección"),
    subordinators=words("si cuando porque aunque mientras como después antes"),
    questions=words(
        "qué quién quiénes dónde cuándo cómo cuál cuáles cuánto cuánta cuántos cuántas",
        "por_qué puede puedes podría podrías es está hay tiene tienes pon dime muestra llama",
        "busca envía explica recuérdame",
    ),
    interrogatives=words("qué dónde cuándo cómo cuál cuáles cuánto cuánta cuántos cuántas"),
    numbers=words(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce",
        "quince veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien mil",
        "punto guion arroba",
    ),
    copulas=words(
        "es son era está están hay ha han hace hará tiene puede va cuesta sale vive queda",
        "será puedo tengo quiere significa llama",
    ),
)
