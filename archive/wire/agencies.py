"""The register of news and picture agencies, and of the papers that credits name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agency:
    """A supplier of copy or pictures, with every name it is credited under.

    ``home`` agencies serve the Nordic and Baltic papers directly: when a credit names one of
    them beside another, it delivered the text and the other wrote the original.
    """

    name: str
    slug: str
    country: str
    aliases: tuple[str, ...] = ()
    pictures_only: bool = False

    @property
    def home(self) -> bool:
        """Whether it is an agency of the Nordic or Baltic countries."""
        return self.country in _HOME


_HOME = frozenset({"DK", "NO", "SE", "FI", "IS", "FO", "EE", "LV", "LT"})

AGENCIES: tuple[Agency, ...] = (
    Agency("Ritzau", "ritzau", "DK", ("Ritzaus", "Ritzau Bureau", "Ritzaus Bureau", "Ritzau Nyheder")),
    Agency("Ritzau Finans", "ritzau-finans", "DK", ("RB-Børsen",)),
    Agency("Newspaq", "newspaq", "DK"),
    Agency("NTB", "ntb", "NO", ("Norsk Telegrambyrå", "NTBs", "NTBtekst", "NTB Tekst")),
    Agency("NPK", "npk", "NO", ("Nynorsk Pressekontor", "NPK-NTB Nynorsk")),
    Agency("ANB", "anb", "NO", ("Avisenes Nyhetsbyrå",)),
    Agency("TDN Direkt", "tdn-direkt", "NO", ("TDN Finans",)),
    Agency("TT", "tt", "SE", ("TT Nyhetsbyrån", "Nyhetsbyrån TT", "Tidningarnas Telegrambyrå", "TT-NYHETSBYRÅN")),
    Agency("Nyhetsbyrån Direkt", "direkt", "SE"),
    Agency("Nyhetsbyrån Siren", "siren", "SE", ("Siren Nyhetsbyrå",)),
    Agency("Finwire", "finwire", "SE"),
    Agency("STT", "stt", "FI", ("Suomen Tietotoimisto", "Finska Notisbyrån", "FNB", "STT-FNB")),
    Agency("SPT", "spt", "FI", ("Svensk Presstjänst",)),
    Agency("BNS", "bns", "EE", ("Baltic News Service",)),
    Agency("LETA", "leta", "LV"),
    Agency("ELTA", "elta", "LT"),
    Agency("Reuters", "reuters", "GB", ("Thomson Reuters", "REUTERS")),
    Agency("AFP", "afp", "FR", ("Agence France-Presse", "Agence France Presse")),
    Agency("AP", "ap", "US", ("Associated Press", "The Associated Press", "AP Photo")),
    Agency("dpa", "dpa", "DE", ("DPA", "Deutsche Presse-Agentur")),
    Agency("Bloomberg", "bloomberg", "US", ("Bloomberg News",)),
    Agency("PA Media", "pa-media", "GB", ("Press Association", "PA Wire", "PA Images")),
    Agency("UPI", "upi", "US", ("United Press International",)),
    Agency("EFE", "efe", "ES"),
    Agency("ANSA", "ansa", "IT"),
    Agency("APA", "apa", "AT", ("Austria Presse Agentur",)),
    Agency("ANP", "anp", "NL"),
    Agency("Belga", "belga", "BE"),
    Agency("Keystone-SDA", "keystone-sda", "CH", ("Keystone",)),
    Agency("ČTK", "ctk", "CZ", ("CTK",)),
    Agency("PAP", "pap", "PL"),
    Agency("MTI", "mti", "HU"),
    Agency("Ukrinform", "ukrinform", "UA"),
    Agency("TASS", "tass", "RU", ("ITAR-TASS",)),
    Agency("Interfax", "interfax", "RU"),
    Agency("RIA Novosti", "ria-novosti", "RU", ("Sputnik",)),
    Agency("Anadolu", "anadolu", "TR", ("Anadolu Agency", "Anadolu Ajansı")),
    Agency("IRNA", "irna", "IR"),
    Agency("Xinhua", "xinhua", "CN"),
    Agency("Kyodo", "kyodo", "JP", ("Kyodo News",)),
    Agency("Yonhap", "yonhap", "KR"),
    Agency("PTI", "pti", "IN", ("Press Trust of India",)),
    Agency("Canadian Press", "canadian-press", "CA", ("The Canadian Press",)),
    Agency("Ritzau Scanpix", "ritzau-scanpix", "DK", ("Scanpix Danmark", "Scanpix Denmark", "Ritzau-Scanpix", "Ritzau Foto", "Polfoto"), True),
    Agency("NTB Scanpix", "ntb-scanpix", "NO", ("NTB-Scanpix", "NTBscanpix", "Scanpix Norge", "NTB Foto"), True),
    Agency("TT Bild", "tt-bild", "SE", ("Scanpix Sweden", "Scanpix Sverige", "Pressens Bild"), True),
    Agency("Scanpix", "scanpix", "DK", (), True),
    Agency("Lehtikuva", "lehtikuva", "FI", ("STT-Lehtikuva", "STT Lehtikuva"), True),
    Agency("Bildbyrån", "bildbyran", "SE", (), True),
    Agency("EPA", "epa", "DE", ("European Pressphoto Agency", "EPA-EFE"), True),
    Agency("Getty Images", "getty-images", "US", ("Getty",), True),
    Agency("Shutterstock", "shutterstock", "US", (), True),
    Agency("iStock", "istock", "CA", ("iStockphoto",), True),
    Agency("Zuma Press", "zuma-press", "US", ("ZUMA",), True),
    Agency("Sipa", "sipa", "FR", ("Sipa USA", "Sipa Press"), True),
    Agency("Abaca", "abaca", "FR", ("ABACAPRESS.COM",), True),
    Agency("Imago", "imago", "DE", ("Imago Images",), True),
    Agency("Mostphotos", "mostphotos", "SE", (), True),
    Agency("Colourbox", "colourbox", "DK", (), True),
)  # fmt: skip

# Publishers that credits name: they are sources, never agencies.
PUBLISHERS: tuple[str, ...] = (
    "VG", "NRK", "TV 2", "Dagbladet", "Aftenposten", "Bergens Tidende", "Adresseavisen",
    "Stavanger Aftenblad", "Dagens Næringsliv", "E24", "Nettavisen", "Nationen", "Klassekampen",
    "Vårt Land", "Dagsavisen", "Morgenbladet", "Dag og Tid", "Fædrelandsvennen", "Nordlys",
    "DR", "Politiken", "Jyllands-Posten", "Berlingske", "Information", "Ekstra Bladet", "B.T.",
    "Kristeligt Dagblad", "Børsen", "Weekendavisen", "Nordjyske", "Fyens Stiftstidende",
    "JydskeVestkysten", "Dagens Nyheter", "Svenska Dagbladet", "SvD", "Aftonbladet", "Expressen",
    "SVT", "Sveriges Radio", "Göteborgs-Posten", "Sydsvenskan", "Dagens Industri", "Yle",
    "Hufvudstadsbladet", "HBL", "Helsingin Sanomat", "CNN", "BBC", "CBS News", "ABC News",
    "NBC News", "The New York Times", "Washington Post", "The Washington Post", "The Guardian",
    "Sky News", "Al Jazeera", "Der Spiegel", "Financial Times", "The Wall Street Journal",
)  # fmt: skip
