"""English. Tables only."""

from voice.turns.languages.word_classes import WordClasses, words

_COPULAS = """is are was were be been being do does did have has had will would can could
    shall should may might must i'm you're we're they're he's she's it's that's there's what's
    where's who's how's here's i'll you'll we'll they'll he'll she'll it'll there'll i'd you'd we'd
    they'd he'd she'd i've you've we've they've isn't aren't wasn't weren't don't doesn't didn't
    won't wouldn't can't cannot couldn't shouldn't haven't hasn't hadn't gonna wanna gotta"""

ENGLISH = WordClasses(
    open=words(
        _COPULAS,
        "a an the my your his its our their this these those whose every each any some no",
        "another such both either neither which what who whom whether how when where many",
        "much several few most other own same next last first second third of to for with in",
        "on at by from about into onto over under between through during against among behind",
        "beside near without within upon toward towards around across after before since",
        "until till than as like per via regarding concerning despite and or but nor because",
        "so if although though while unless except plus versus i we they he she very really",
        "too more less quite rather almost particularly especially extremely pretty just only",
        "also even still always never not actually basically currently maybe perhaps probably",
        "already usually often sometimes simply want wants wanted need needs needed get gets",
        "got make makes made take takes took give gives gave put set find found buy bought",
        "bring brought send sent tell told show shows let lets say says said think thought",
        "know mean means suggest suggests use using see seems seem looks looking trying tried",
        "interested try named has having become became include includes including produced",
        "mention decide planning talking wondering hoping heard building being keep kept feel",
        "feels love loved",
    ),
    fillers=words(
        "um umm uh uhh er erm hm hmm mm eh you_know i_mean let_me_see let's_see let_me_think",
        "kind_of sort_of okay_so and_so",
    ),
    lead_ins=words(
        "could_you can_you would_you do_you will_you are_you is_it well oh ah so like actually",
        "hang_on hold_on one_moment wait listen look hey just_a_moment one_second just_a_second",
        "okay_well by_the_way is_there are_there will_there was_there were_there will_there_be",
        "is_it_possible would_it_be_possible is_it_true do_you_think",
    ),
    answers=words(
        "no stop help repeat cancel continue pause next start show close open this that these",
        "those both neither either each several many few some any maybe perhaps probably",
        "never always sometimes often usually already first second third last more less same",
        "now mine his another",
    ),
    closed=words(
        "it_is i_am he_is she_is they_are we_are i_do i_don't i_can i_can't i_will i_won't",
        "i_have i_haven't i_did i_didn't it_isn't it_does it_doesn't they_do you_do you_can",
        "you_are that_is this_is some_more it_was not_really not_yet right_now any_more",
        "no_more once_more one_more the_same the_most the_next the_other the_first the_second",
        "the_last the_third all_over it_on it_off it_up it_in it_over them_on that_on",
        "that_off you_from they_from it_about that_about this_about it_for that_for this_for",
        "it_like that_like they_like over_there what_about me_too i_see i_know it_to me_more",
        "i_want i_need you_think i_think you_mean i_said you_said asked_for looking_for",
        "waiting_for how_many how_much not_now",
    ),
    adjectives=words(
        "great good new old big small large little long short high low true real different",
        "important public able bad full early late young local major special certain clear",
        "recent red blue green black white yellow brown grey nice best better worse worst",
        "main general common entire whole similar various separate current previous possible",
        "specific particular simple hard easy cheap expensive quick fast slow hot cold warm",
        "dark bright national social human private political economic financial medical",
        "digital mobile personal open upper lower double single total average extra",
        "additional original final",
    ),
    degrees=words(
        "very really too more less quite rather almost so pretty how this not that looks",
        "seems feels sounds",
    ),
    stranded=words(
        "like about from for make makes take takes mean means say says need needs want wants",
        "use get give show find buy call send see know think do does have has cost put",
    ),
    object_questions=words("what what's which who where whose how_much how_many"),
    wanting=words(
        "think_that know_that said_that so_that hope_that sure_that say_that believe_that",
        "mean_that fact_that tell_me show_me give_me send_me find_me get_me teach_me remind_me",
        "let_me please_tell you_explain you_know_if do_you_know i_wonder asked_me told_me",
        "depends_on based_on such_as as_well_as my_name like_there that_there think_there",
        "on_january on_february on_march on_april on_may on_june on_july on_august on_september",
        "on_october on_november on_december",
    ),
    dictates=words(
        "number code pin phone card account spelled spelt e-mail email address postcode zip",
    ),
    subordinators=words(
        "if when because while although though since unless after before as whenever whereas",
        "once",
    ),
    questions=words(
        "what what's where where's when when's who who's whose why how how's which is are am",
        "was were do does did can could will would shall should may might have has had isn't",
        "aren't don't doesn't didn't can't won't couldn't wouldn't tell give show set play",
        "turn switch stop start open close call remind send find book make add please let's",
        "read explain translate put help search look check cancel repeat go remove delete",
        "write",
    ),
    interrogatives=words("what where when who whose why how which"),
    numbers=words(
        "zero oh one two three four five six seven eight nine ten eleven twelve thirteen",
        "fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty",
        "seventy eighty ninety hundred thousand million double triple dot dash underscore",
        "slash hyphen point",
    ),
    copulas=words(_COPULAS),
)
