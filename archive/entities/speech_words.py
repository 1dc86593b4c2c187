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
    skreg skriger skrek skriker skrik skreik hvisker hviskede hvisket hviskte viskar viskade mumler
    mumlede mumlet mumlar mumlade freser freste fräste brøler brølte brølede vrålar vrålade
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
    emphasised predicted urged observed suggested remarked responded answered recounted shouted
    shouts cried cries yelled yells screamed whispered whispers murmured muttered mutters snapped
    retorted retorts countered counters exclaimed exclaims interjected fumed sighed sighs laughed
    growled boasted
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
    aase abigail ada agnes agneta aina alexandra alice alison alma alva amalie amanda amelia amy
    andrea ane anette angela anita anja ann anna anne annegret annelise annemarie annette annie
    annika anny antonia asbjørg asta astrid aud barbara barbro beate bente berit berta bettina
    birgit birgitta birgitte birte birthe bodil bolette brenda brit brita britt britta camilla
    carina carla carola caroline carolyn catharina catherine cathrine cecilia cecilie charlotte
    chelsea christel christina christine clara claudia connie cornelia dagmar dagny danielle
    debbie deborah denise diana dina dinah ditte dorte dorthe dorthea dronning drottning ebba
    edith eira elena eleonora elin eline elisabet elisabeth elise elizabeth ella ellen ellinor
    elsa else elvira emelie emilie emily emma erna ester esther eva eveline evelyn fanny filippa
    fiona freja frida fru frue fröken frøken frøydis gabriella gerd gina ginni gisela gitta
    gitte gloria grace greta grete grethe gro gudrun gunhild gunilla gunn gunvor gunvør guri
    gurli hanna hannah hanne harriet heather hedda hedvig hege heidi helen helena helene helga
    helle helma henriette herdis hilary hilde hildegard hillary iben ida ilse inga ingebjørg
    ingeborg ingegerd ingela inger ingrid ingunn ingvild irene irma isabel isabella iselin jane
    janne jeanette jeanne jennifer jessica jessie jette joanna johanna jorun jorunn josefin
    josefine josephine judith julia julie kaja kajsa kamala karen kari karin karina karine
    karolina karoline katarina kate katherine kathleen kathrine kathryn katja katrin katrine
    kerstin kirsten kirsti kirstine kjersti klara kristiane kristin kristina kristine lady laila
    laura lea lena lene leonora lillian lilly linda line linn linnea lisa lisbeth lise liselotte
    liv lone lotta lotte louise lovisa lucy ludmila lydia lykke madeleine magda magdalena maiken
    maj maja malene malin maren margaret margareta margareth margaretha margit margot margret
    margrete margrethe mari maria mariam marian mariann marianne marie marion marit marlene
    marta marte martha martina mary mathilde matilda maud maya merete merethe mette mia michelle
    mie mildred minna miriam miss moa mona monica monika mrs ms nancy naomi natalia natalie
    nathalie nelly nicola nicole nina nora oda oddny oddrun olga olivia pamela patricia paula
    pauline penny pernille petra petronella pia princess prinsessan prinsesse prinsessen queen
    rachel ragna ragnhild rakel randa randi rebecca regina renate ria rigmor rikke rita ronja
    rosa rose rosemary ruby rut ruth sabina sabrina saga sally samantha sandra sanna sanne sara
    sarah selma sharon sheila sif signe signy sigrid silje siri sissel siv siw sofia sofie
    solfrid solveig sonja sophia sophie stephanie stina stine sue sunniva susan susann susanna
    susanne susie sylvi sylvia synnøve tanja tatjana teresa thea theodora theresa therese thora thyra
    tiina tilde tina tone tora tordis toril torill torunn tove trine trude turi turid tuva tyra
    ulla ulrika ulrikke unn unni ursula valborg vanessa vera veronica veronika vibeke victoria
    vigdis viktoria vilde vilma viola virginia vivi wanda wenche wendy wibeke yngvil yvonne zoe
    ågnes ågot åsa åse åshild åslaug øydis
"""
_MEN = """
    aage abdul abel abraham adam adolf agnar aksel alan albert albin alexander alf alfons alfred
    ali allan alvin amund anders andre andreas andrew andré anker ansgar anthony antoine anton
    antony ari arild arne arnfinn arnold arnt arthur artur arvid asbjørn asger ashraf aslak
    asmund august axel baard barack benedikt benjamin benny bent bernard bernhard bernie bernt
    bertel bertil bill birger bjarne björn bjørn bo bob bobby bogdan boris brad brett brian bror
    bruce bruno bryan børge børre carl caspar casper cato charles chester chris christian
    christopher chuck claes clarence clas claus clifford colin conrad craig curt dag dagfinn dan
    daniel danny david dean dennis derek didrik dmitrij dmitry donald donny douglas douglass
    duncan ebbe eddie edgar edmund edvard edward edwin egil egon eigil eilert einar eirik eivind
    ejnar eldar elias elon emanuel emil emmanuel enok eric erich erik erling ernest ernst esben
    eskil espen evan even evert ewald eyvind felix ferdinand filip finn flemming folke francis
    frank franz fred frederik fredric fredrik fridtjof frits fritz frode gabriel gary gaute geir
    georg george gerald gerard gerhard gilbert gisle gjermund glenn gorm graham greger gregers
    gregor gregory gudmund guido gunnar gunnstein gustaf gustav guttorm guy göran hakon halfdan
    hallgeir hallvard halvard halvor hank hannes hans harald harold harry harvey heine heinrich
    helge helmer henning henri henrik henry herbert herman hermann herr hjalmar holger howard hr
    hugh hugo håkan håkon ib igor ingemar ingmar ingolf ingvar isaac isak ismail ivan ivar iver
    jack jacob jaime jakob jamal james jan jarl jarle jason jeff jeffrey jens jeppe jeremy jerry
    jesper jesse jim jimmy joachim joakim joar joe joel johan johann johannes john johnny jon
    jonas jonatan jonathan josef joseph jostein juan julian julius jurij justin jörgen jørgen
    jørn kaare kai kaj karim karl karsten kaspar kasper keith keld kennet kenneth kenny kent
    ketil kevin kim king kjartan kjeld kjell kjetil klas klaus knud knut kong kongen konrad
    konstantin krister kristian kristján kristoffer kung kungen kurt kåre lance larry lars lasse
    laurence laurits lawrence leif lennard lennart leo leon leonard leopold linus lord louis
    lucas ludvig ludwig luis lukas mads magne magnus malcolm manfred marcel marco marcus mario
    marius mark markus martin mathias mats matt matthew mattias mattis maurice max maximilian
    melvin michael michel miguel mikael mike mikkel mogens mohamed mohammad mohammed morgan
    morten mr mårten narve nathan ned neil neville nicholas nick nicklas niclas nicolai nicolas
    nicolay niels nigel niklas nikolai nikolaj nils njål noah norman odd oddbjørn oddvar ola
    olaf olav olavus ole oliver olle olof omar orvar osama oscar oskar osvald ottar ottmar otto
    ove owen oystein paal palle patrick patrik paul pavel peder pedro peer pelle per pete peter
    petter phil philip philippe pieter piotr poul prabowo preben prince prins prinsen pål rafael
    ragnar ralf ralph ramzan randolph rasmus ray raymond reidar rené rex ricardo richard rick
    rickard rikard roald roar rob robert rodney rodrigo roger roland rolf rolv ron ronald ronny
    ross roy rudolf rune rupert russell samuel scott sean sebastian serge sergei sergej sergey
    severin sigbjørn sigmund sigurd sigve simen simon sindre sir sivert sixten sjur snorre
    staffan stanley stefan steffen stein steinar stellan sten stephen steve steven stian stig
    stuart sture svein sveinung sven svend sverre sylvester søren tage tarjei ted terence terje
    terry theo theodor thomas thor thorbjørn thore thorkild thorleif thorstein thorvald tim
    tobias todd toke tom tommy tony tor torben torbjørn tore torgeir torgny torkil torleif
    tormod torstein torsten torvald travis tristan troels trond truls trygve tyge tyler uffe ulf
    ulrich ulrik vagn valdemar valentin vegar vegard verner victor vidar viggo viktor viljo
    villy vincent vladimir volodymyr walter wayne werner wilfred wilhelm william wolfgang yngve
    yusuf zabihullah åge åsmund øivind ørjan østen øystein øyvind
"""
#: How given names of the North end that only women or only men bear: Arnhild, Hallstein.
WOMENS_ENDINGS = ("hild", "borg", "frid", "laug", "veig", "dis", "unn", "bjørg")
MENS_ENDINGS = ("stein", "sten", "bjørn", "björn", "geir", "ulf", "leif", "vald", "mund", "vard")
GENDERS = dict.fromkeys(_WOMEN.split(), "f") | dict.fromkeys(_MEN.split(), "m")
