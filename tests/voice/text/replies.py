"""Replies of an assistant and what users say meanwhile, in several languages."""

REPLIES = {
    "en": (
        "The workshops take place on Thursday the fourth of June, and there are twelve of them. You"
        " can sign up on the website until the end of May.",
        "It will be mostly sunny tomorrow with a high of twenty two degrees. There is a small"
        " chance of rain in the evening, so you may want to take an umbrella.",
        "I found three restaurants near you. The first one is an Italian place on Main Street, and"
        " it is open until eleven. Shall I book a table for two?",
        "Your next meeting is at half past three with Jennifer from the design team. After that you"
        " are free for the rest of the day.",
        "To reset the router, hold the small button on the back for ten seconds and wait until the"
        " light turns green. Then connect again with the password on the label.",
        "Dolphins sleep with one half of their brain at a time. That way they can come up for air"
        " and keep an eye open for sharks.",
    ),
    "de": (
        "Die Werkstätten finden am Donnerstag statt, und es gibt zwölf davon. Anmelden kannst du"
        " dich bis Ende Mai auf der Webseite.",
        "Morgen wird es überwiegend sonnig bei höchstens zweiundzwanzig Grad. Am Abend kann es ein"
        " wenig regnen, nimm also lieber einen Schirm mit.",
    ),
    "fr": (
        "Les ateliers ont lieu le jeudi quatre juin, et il y en a douze. Vous pouvez vous inscrire"
        " sur le site jusqu'à la fin du mois de mai.",
        "Demain il fera beau presque partout, avec vingt-deux degrés au maximum. Prenez quand même"
        " un parapluie pour la soirée.",
    ),
    "es": (
        "Los talleres son el jueves cuatro de junio y hay doce en total. Puedes apuntarte en la"
        " página hasta finales de mayo.",
    ),
    "ru": (
        "Мастер-классы пройдут в четверг, четвёртого июня, всего их двенадцать. Записаться можно на"
        " сайте до конца мая.",
    ),
    "hi": (
        "कार्यशालाएँ गुरुवार चार जून को होंगी और कुल बारह हैं। आप मई के अंत तक वेबसाइट पर नाम लिखवा सकते हैं।",
    ),
    "ja": (
        "ワークショップは六月四日の木曜日に行われ、全部で十二あります。五月末までにサイトで申し込めます。",
    ),
    "zh": ("研讨会将于六月四日星期四举行，一共有十二场。您可以在五月底之前在网站上报名参加。",),
    "ko": (
        "워크숍은 유월 사일 목요일에 열리고 모두 열두 개입니다."
        " 오월 말까지 홈페이지에서 신청할 수 있습니다.",
    ),
}

MEANWHILE = {
    "en": (
        "wait stop",
        "hold on a second",
        "no that's not what I meant",
        "can I bring my dog",
        "is there any food at the conference",
        "what about the week after",
        "how much does it cost",
        "actually make it four people",
        "never mind I'll do it myself",
        "could you say that again please",
        "stop talking",
        "tell me about the speakers instead",
        "okay thanks that's enough",
        "what was the name of the street",
        "and how do I get there",
        "I already tried that twice",
        "why do they do that",
        "you're wrong about the date",
    ),
    "de": (
        "warte mal",
        "nein das meinte ich nicht",
        "kann ich meinen Hund mitbringen",
        "wie viel kostet das denn",
        "sag das bitte noch einmal",
        "hör auf zu reden",
    ),
    "fr": (
        "attends un peu",
        "non ce n'est pas ça",
        "combien ça coûte",
        "est-ce que je peux venir avec mon chien",
        "arrête de parler",
    ),
    "es": (
        "espera un momento",
        "no es lo que quería",
        "cuánto cuesta",
        "puedo llevar a mi perro",
    ),
    "ru": ("подожди минутку", "нет я не это имел в виду", "сколько это стоит"),
    "hi": ("एक मिनट रुको", "नहीं मेरा यह मतलब नहीं था", "इसकी कीमत क्या है"),
    "ja": ("ちょっと待って", "いくらかかりますか", "犬を連れて行ってもいいですか"),
    "zh": ("等一下", "多少钱", "我可以带我的狗吗"),
    "ko": ("잠깐만 기다려", "얼마예요", "강아지를 데려가도 되나요"),
}
