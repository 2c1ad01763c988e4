"""Portuguese."""

from voice.text.wording import Wording, units

WORDING = Wording(
    decimal=",",
    thousands=".",
    dot="ponto",
    at="arroba",
    percent="por cento",
    plus="mais",
    minus="menos",
    times="vezes",
    divided="dividido por",
    equals="igual a",
    about="cerca de",
    to="a",
    and_="e",
    or_="ou",
    number="número",
    code="código omitido",
    currencies={
        "R$": (("real", "reais"), ("centavo", "centavos")),
        "€": (("euro", "euros"), ("cêntimo", "cêntimos")),
        "$": (("dólar", "dólares"), ("centavo", "centavos")),
        "£": (("libra", "libras"), ("penny", "pence")),
        "¥": (("iene", "ienes"), ("sen", "sen")),
    },
    sum="{units} e {part}",
    of=("de ", "de "),
    magnitudes={"mi": "milhões", "bi": "bilhões"},
    units=units(
        km_h=("quilómetro por hora", "quilómetros por hora"),
        m_s=("metro por segundo", "metros por segundo"),
        km=("quilómetro", "quilómetros"), m=("metro", "metros"), cm=("centímetro", "centímetros"),
        mm=("milímetro", "milímetros"), kg=("quilo", "quilos"), g=("grama", "gramas"),
        mg=("miligrama", "miligramas"), l=("litro", "litros"), ml=("mililitro", "mililitros"),
        h=("hora", "horas"), min=("minuto", "minutos"), ms=("milissegundo", "milissegundos"),
        celsius=("grau", "graus"), fahrenheit=("grau Fahrenheit", "graus Fahrenheit"),
        degree=("grau", "graus"), m2=("metro quadrado", "metros quadrados"),
        km2=("quilómetro quadrado", "quilómetros quadrados"),
    ),
    months=("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto",
            "setembro", "outubro", "novembro", "dezembro"),
    date="{day} de {month} de {year}",
    day_first="/",
    time=lambda hour, minute: (
        f"{hour} e {minute}" if minute else f"{hour} hora{'s' if hour > 1 else ''}"
    ),
    hours=":h",
    abbreviations={
        "p. ex.": "por exemplo", "p.ex.": "por exemplo", "etc.": "et cetera.",
        "aprox.": "aproximadamente", "nº": "número", "n.º": "número", "Sr.": "senhor",
        "Sra.": "senhora", "e/ou": "e ou",
    },
)  # fmt: skip
