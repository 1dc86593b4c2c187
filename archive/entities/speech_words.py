"""The words by which news text says who speaks: verbs, pronouns, prepositions, given names."""

from __future__ import annotations

# Present and past. "la", "legger" and "slår" are in `SPLIT_VERBS`: they need their second half.
_NORDIC = """
    siger sagde sier sa sade säger seier sjer fortæller fortalte forteller fortel fortalde berättar
    berättade berätter forklarer forklarede forklarte forklarar forklarte förklarar förklarade
    oplyser oplyste opplyser opplyste uppger uppgav understreger understregede understreker
    understreket understreka understrekar understryker underströk tilføjer tilføjede tilføyer
    tilføyde tillägger tillade mener mente meiner meinte menar menade konstaterer konstaterede
    konstaterte konstaterar konstaterade konstatert spørger spurgte spør spurte spurde frågar
    frågade undrar svarer svarede svarte svarar svara svarade skriver skrev skriv udtaler udtalte uttaler
    uttalte uttalar uttalade uttala bekræfter bekræftede bekrefter bekreftet bekreftar bekräftar
    bekräftade erklærer erklærede erklærte erklærar hævder hævdede hevder hevdet hevdar hevda hävdar
    hävdade påpeger påpegede påpeker påpekte påpekar påpeika påpeikar påpekade advarer advarede
    advarte åtvarar åtvara varnar varnade lover lovede lovet lovar lova lovade meddeler meddelte
    meddelar meddelade melder meldte melde rapporterer råber råbte roper ropte ropar ropade utbrister
    utbrast udbryder udbrød utbryter utbrøt ler smiler smilte smilar griner flirer sukker sukkede
    sukket fastslår fastslog fastslo vurderer vurderede vurderte vurderar tror trodde trur tænker
    tenker håber håpar håper håpte vonar hoppas hoppades kommenterer kommenterede kommenterte
    kommenterar indrømmer indrømmede innrømmer innrømmet innrømmar erkender erkendte erkjenner
    erkjente erkänner erkände beretter berettede fortsætter fortsatte fortsetter fortset fortsätter
    præciserer præciserede presiserer presiserte presiserar preciserar opfordrer opfordrede oppfordrer
    oppfordret oppmodar uppmanar uppmanade beklager beklagede beklaget beklagar spår gentager gentog
    gjentar gjentok upprepar afslutter avslutter avsluttet slutter avslutar uddyber uddybede utdyper
    utdypet utdjupar begrunder begrunnet reagerer reagerte argumenterer argumenterte jubler jublet
    jublar poengterer poengterte poengterar poängterar poängterade pointerer pointerede fremhæver
    fremhever slog ropa forsikrer forsikret forsikrar försäkrar synes synst syns tycker tyckte
    spøker spøkte skämtar replikerer repliserer repliserte repliserar innvender anslår kvitterer medgiver medger medgav noterer noterar supplerer summerer oppsummerer
    konkluderer konkluderede konkluderte konkluderar føjer erindrer minnes mindes
"""
#: Verbs that only take a few quoted words of a sentence: "kaldte aftalen »en stor dag«".
_NORDIC_NAMING = """
    kalder kaldte kaller kalte kallar kalla kallade betegner betegnede betegnet beskriver beskrev
    skildra omtaler omtalte lovede afviser afviste avviser avviste avvisar avvisade
"""
_ENGLISH = """
    said says told tells asked asks added adds explained explains wrote writes warned warns insisted
    insists noted notes stated states announced declared argued argues claimed claims confirmed
    confirms replied replies continued continues recalled recalls commented conceded admitted admits
    acknowledged concluded complained quipped joked jokes tweeted stressed stresses emphasized
    emphasised predicted urged observed suggested remarked responded answered recounted
"""
_ENGLISH_NAMING = "called calls described describes dubbed branded denounced"
#: Verbs that speak only together with a second word soon after.
SPLIT_VERBS = {
    "la": "til",
    "legger": "til",
    "legg": "til",
    "lægger": "til",
    "lagde": "til",
    "lade": "til",
    "lägger": "till",
    "slår": "fast",
    "slo": "fast",
    "held": "fram",
}

NORDIC_VERBS = frozenset(_NORDIC.split()) | SPLIT_VERBS.keys()
ENGLISH_VERBS = frozenset(_ENGLISH.split())
NORDIC_NAMING = frozenset(_NORDIC_NAMING.split())
ENGLISH_NAMING = frozenset(_ENGLISH_NAMING.split())

#: "According to", each without what follows.
SOURCES = ("ifølge", "ifølgje", "enligt", "according to", "i følge")

#: Pronoun -> gender, "" where it may be either.
PRONOUNS = {
    "han": "m",
    "hun": "f",
    "ho": "f",
    "hon": "f",
    "hen": "",
    "he": "m",
    "she": "f",
    "ham": "m",
    "honom": "m",
    "hende": "f",
    "henne": "f",
    "him": "m",
    "her": "f",
}
#: Whoever speaks so is the speaker himself or no single person: not an attribution, or not one name.
SPEAKING = frozenset(["jeg", "eg", "jag", "vi", "we", "you", "du", "dere", "dykk", "man"])
PLURAL = frozenset(["de", "dei", "they", "disse", "begge", "båe", "båda", "both"])

_PREPOSITIONS = """
    til till to for för of om ved hos av af med mot mod imod fra frå från åt by with from about på
    i in at under efter etter over per via mellem mellom between against ad like som than enn än
    end including unlike et nära nær near hjå inklusive inklusiv inkludert herunder blant blandt bland
    among
"""
PREPOSITIONS = frozenset(_PREPOSITIONS.split())
_DETERMINERS = """
    the a an den det de ein en et this that denne dette
"""
DETERMINERS = frozenset(_DETERMINERS.split())
_SUBORDINATE = """
    da då når när when while mens medan som at att hvis if om because fordi eftersom
"""
SUBORDINATE = frozenset(_SUBORDINATE.split())
_BREAKS = """
    som der who which that whose at att til till to og och and men but mens medan while hvor
"""
#: In a clause these begin another one: a name behind them is not the subject.
BREAKS = frozenset(_BREAKS.split())
_AUXILIARIES = """
    er var har hadde havde hade skal skulle ska vil ville vill kan kunne må måtte måste bør burde
    blir bliver blev ble vart får fik fikk fick går gikk gick gik kommer kom der her eller etter
    efter over under flere mer mere før siden innen uten eter heller aldrig ikke men når hver vår
    per
"""
#: These follow a comma without saying anything: no verb of speech is guessed from them.
AUXILIARIES = frozenset(_AUXILIARIES.split())
_AFTER_NAME = """
    da då så nå nu no also også även dog ellers igen igjen the den det torsdag fredag lørdag
    lördag laurdag søndag sundag söndag mandag måndag tirsdag tysdag tisdag onsdag here today
    yesterday tidligere tidlegare tidigare efterfølgende senere seinare senare onsdagen torsdagen
    fredagen lördagen söndagen måndagen tisdagen bestemt kort fast har er blev ble var vil
"""
#: What may follow a name that ends in -s without making a genitive of it.
AFTER_NAME = (
    PREPOSITIONS
    | BREAKS
    | frozenset(_AFTER_NAME.split())
    | NORDIC_VERBS
    | ENGLISH_VERBS
    | NORDIC_NAMING
    | ENGLISH_NAMING
)
_TITLES = """
    mr mrs ms dr gen sen rep gov st lt col sgt prof jr sr maj capt hr fr
"""
#: Titles whose full stop does not end a sentence.
TITLES = frozenset(_TITLES.split())

_WOMEN = """
    anna anne ane anette anita agneta astrid aud barbara beate berit birgit birgitte birthe bodil
    britt camilla carina caroline cathrine cecilie charlotte christina christine dagny ebba elin
    elisabeth elise ella ellen elsa else emilie emma erna eva frida gerd gitte greta grete gro gudrun
    gunilla gunn gunvor guri hanna hanne hannah heidi helen helena helene helle henriette hilary hilde
    hillary inga inge-lise inger ingrid ingunn irene jane janne jennifer jessica johanna jorunn julia
    julie karen kari karin karina karine katarina kathrine kerstin kirsten kirsti kjersti kristin
    kristina kristine laila laura lena lene linda line lisa lisbeth liv lone lotta lotte louise magda
    magdalena maja malin marianne margareta margaret margit margot margrethe mari maria marie marit
    marta marte mary mathilde merete mette michelle mona monica nancy nina pernille pia ragnhild
    randi rebecca rikke rita ruth sandra sara sarah sigrid signe silje siri siv sofia sofie solveig
    stine susan susanne synnøve theresa therese tina tone torill toril tove trine turid tuva ulla
    ulrika vibeke vigdis vilde yvonne åse åsa annegret angela alison nicola ursula kamala birgitta
"""
_MEN = """
    adam albert alexander alf anders andreas anton arild arne arvid asbjørn axel bent bernt bill bjarne
    björn bjørn bo boris brian bruce carl charles chris christian christopher claus dag dan daniel
    david donald edvard einar emil eric erik erling espen ewald finn flemming frank fred frederik
    fredrik geir george georg gerhard gunnar gustav göran hans harald harry heine helge henning henrik
    henry håkan håkon ib ingvar ivar jacob jakob jan james jens jeppe jesper jim joe johan johannes
    john jon jonas jonathan josef joseph jørgen jörgen jørn kai karl karsten keld kenneth kent kevin
    kim kjell klaus knud knut kristian kurt kåre lars lasse leif lennart magnus marcus marius mark
    markus martin mats mattias michael mikael mike mikkel mogens morten niels nicolai nils odd ola olaf
    olav ole oliver olof oskar ottar otto ove palle patrick paul peder peer per peter petter poul
    preben ragnar rasmus richard robert roger roland rolf ronald rune simon sigurd stefan stein steinar
    sten stephen steven stig sture svein sven svend søren terje thomas thor tim tom tommy tor tore
    torben torbjørn tore torstein trond truls trygve uffe ulf vidar viggo vladimir walter werner
    wilhelm william zabihullah åge øystein øyvind barack antony chuck brett
"""
GENDERS = dict.fromkeys(_WOMEN.split(), "f") | dict.fromkeys(_MEN.split(), "m")
