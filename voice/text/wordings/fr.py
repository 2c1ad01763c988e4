"""French."""

from voice.text.wording import Wording, units

WORDING = Wording(
    decimal=",",
    thousands=" \u00a0\u202f",
    dot="point",
    at="arobase",
    percent="pour cent",
    plus="plus",
    minus="moins",
    times="fois",
    divided="divisé par",
    equals="égale",
    about="environ",
    to="à",
    and_="et",
    or_="ou",
    number="numéro",
    code="code omis",
    currencies={
        "€": (("euro", "euros"), ("centime", "centimes")),
        "$": (("dollar", "dollars"), ("cent", "cents")),
        "£": (("livre", "livres"), ("penny", "pence")),
        "¥": (("yen", "yens"), ("sen", "sen")),
        "CHF": (("franc", "francs"), ("centime", "centimes")),
    },
    sum="{units} {part}",
    of=("de ", "d'"),
    magnitudes={"Md": "milliards", "Mds": "milliards"},
    units=units(
        km_h=("kilomètre par heure", "kilomètres par heure"),
        m_s=("mètre par seconde", "mètres par seconde"),
        km=("kilomètre", "kilomètres"), m=("mètre", "mètres"), cm=("centimètre", "centimètres"),
        mm=("millimètre", "millimètres"), kg=("kilo", "kilos"), g=("gramme", "grammes"),
        mg=("milligramme", "milligrammes"), l=("litre", "litres"),
        ml=("millilitre", "millilitres"), h=("heure", "heures"), min=("minute", "minutes"),
        ms=("milliseconde", "millisecondes"), celsius=("degré", "degrés"),
        fahrenheit=("degré Fahrenheit", "degrés Fahrenheit"), degree=("degré", "degrés"),
        m2=("mètre carré", "mètres carrés"), km2=("kilomètre carré", "kilomètres carrés"),
    ),
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
            "octobre", "novembre", "décembre"),
    date="{day} {month} {year}",
    first="1er",
    day_first="/.",
    time=lambda hour, minute: (
        f"{hour} heure{'s' if hour > 1 else ''}{f' {minute}' if minute else ''}"
    ),
    hours=":h",
    abbreviations={
        "p. ex.": "par exemple", "p.ex.": "par exemple", "c.-à-d.": "c'est-à-dire",
        "etc.": "et cetera.", "env.": "environ", "n°": "numéro", "N°": "numéro", "Mme": "Madame",
        "et/ou": "et ou",
    },
)  # fmt: skip
