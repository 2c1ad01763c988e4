"""Portuguese. Tables only."""

from voice.turns.languages.word_classes import WordClasses, words

PORTUGUESE = WordClasses(
    open=words(
        "o a os as um uma uns umas meu minha meus minhas teu tua seu sua nosso nossa este",
        "esta esse essa aquele aquela cada algum alguma alguns algumas vários qual quais",
        "muitos muitas de do da dos das em no na nos nas num numa por pelo pela para pra com",
        "sem sobre entre até desde contra durante após ao à aos às e ou mas porque que se",
        "quando como embora enquanto onde nem eu tu ele ela nós eles elas você vocês me te",
        "lhe não sou é és somos são era estou está estás estão tenho tem tens vou vai vão",
        "quero quer queria posso pode podes poderia preciso há foi ser ter muito mais menos",
        "tão também só apenas quase bastante realmente talvez ainda",
    ),
    fillers=words(
        "hum hm mm eh ah é_que bem_então então tipo quer_dizer ou_seja digamos pois",
    ),
    lead_ins=words(
        "então bem espera um_momento olha pois é_possível seria_possível",
    ),
    answers=words(
        "não eu ele ela nós você este esta esse essa alguns muitos talvez também só mais",
        "menos",
    ),
    closed=words(
        "não_é é_sim não_há não_tenho eu_também nada_mais não_posso mais_uma para_ele com_ela",
        "para_você",
    ),
    adjectives=words("grande bom boa primeiro primeira novo nova"),
    degrees=words("muito tão mais"),
    stranded=frozenset(),
    object_questions=frozenset(),
    wanting=words("diz-me pode_dizer-me dizer-me pode_dizer a_que_horas"),
    dictates=words("número código telefone endereço e-mail"),
    subordinators=words("se quando porque embora enquanto como depois antes"),
    questions=words(
        "que o_que quem onde quando como qual quais quanto quanta quantos quantas porque",
        "por_que pode podes poderia é está há tem tens põe coloca diz mostra liga procura",
        "envia explica lembra-me",
    ),
    interrogatives=words("onde quando como qual quais quanto quanta quantos quantas"),
    numbers=words(
        "zero dois duas três quatro cinco seis meia sete oito nove dez onze doze vinte trinta",
        "quarenta cinquenta sessenta setenta oitenta noventa cem mil ponto traço arroba",
    ),
    copulas=words(
        "é são era está estão há tem vai vão pode podes custa fica mora foi será sai faz",
        "posso",
    ),
)
