"""What people of a municipality's customer services write at a day of workshops."""

CHALLENGES = """
Asiakas odottaa vastausta liian kauan
Puhelin soi koko ajan, eikä jonoa näe kukaan
Samat tiedot kirjataan kolmeen järjestelmään
Ohjeet ovat hajallaan: osa intrassa, osa Teamsissa, osa ihmisten päissä
Kukaan ei tiedä, kuka vastaa etäpäivinä neuvonnasta
Uuden asianhallintajärjestelmän käyttöönotto on kesken, ja koulutus jäi yhteen tuntiin
Sijaiset vaihtuvat usein ja perehdytys tehdään joka kerta alusta
Palaverit venyvät, päätökset jäävät kirjaamatta
Esihenkilö on kiinni hallinnossa, arjen tuki jää ohueksi
Kiire: lounastauko jää väliin kaksi kertaa viikossa
Asiakkaat tulevat meille, vaikka asia kuuluisi Kelalle tai hyvinvointialueelle
Digipalvelua ei osata käyttää, ja sama lomake täytetään lopulta paperilla yhdessä
Hiljainen tieto lähtee eläkkeelle: kolme kokenutta lähtee keväällä
Muutoksia tulee enemmän kuin niitä ehtii omaksua
Yksiköiden välinen työnjako on epäselvä
Sähköpostiin tulee päivässä 80 viestiä, joista puolet ei koske minua
Emme tiedä, mitä asiakkaat oikeasti ajattelevat palvelusta
Selkokielinen viestintä puuttuu päätöksistä
Vaikeat asiakastilanteet kuormittavat, eikä niitä pureta yhdessä
Tietosuoja: emme uskalla kysyä, joten jätämme tekemättä
Lupien käsittelyaika on 6 viikkoa → tavoite on 2
Etä- ja lähityön pelisäännöt ovat jokaisella omat
Ruotsinkielinen palvelu on yhden ihmisen varassa
Mittaamme suoritteita, emme sitä, auttoiko palvelu
Kehittämistä tehdään oman työn ohessa, jos ehditään
Toimitilat: neuvottelutiloja ei ole, keskustelut kuuluvat käytävälle
""".strip().split("\n")

INSPIRATIONS = """
Yhteiset aamupalaverit auttoivat: tiedämme, mitä muut tekevät, ja kysymme ajoissa apua
Kollega näytti, miten palaute kootaan ✓
Asiakas kiitti kädestä pitäen, kun asia hoitui yhdellä käynnillä
Uusi chat purki puhelinjonoa heti ensimmäisellä viikolla
Työparit: vaikeat tapaukset eivät jää yhden harteille
Hyvä huumori ja se, että virheistä saa puhua ääneen
Nuoret työntekijät tuovat uusia tapoja, ja niitä kuunnellaan
Kirjaston kanssa tehty yhteinen neuvontapiste
Koulutuspäivä, jossa sai kokeilla eikä vain kuunnella
Pääsimme itse suunnittelemaan vuorot
Asukasillat: 40 ihmistä tuli paikalle
Tekoäly tekee muistion luonnoksen, ja aikaa jää keskustelulle
Esihenkilö kysyi, mitä tarvitsemme, ja tekikin sen
Verkosto naapurikuntien kanssa: samoja pulmia, valmiita ratkaisuja
Yksi lomake kolmen sijaan, asiakkaat huomasivat eron
Luottamus: saamme päättää itse asiakkaan asiasta
Onnistumiset kerrotaan viikkopalaverin aluksi
Selkokielinen päätöspohja on käytössä jo kahdessa yksikössä
Perehdytyskummi: uusi pääsi kiinni työhön viikossa
Työnkierto avasi silmät sille, mitä muut tekevät
""".strip().split("\n")

CHANGES = {
    "megatrends": (
        ("Väestö vähenee ja vanhenee", "Palvelut suunniteltiin kasvavalle kunnalle"),
        ("Palvelut mitoitetaan harvemmille, laatu säilyy", "Kumppanuudet naapurikuntien kanssa"),
    ),
    "customers": (
        ("Asiakas hakee palvelua luukulta toiselle", "Palautetta kysytään kerran vuodessa"),
        ("Yksi yhteydenotto riittää", "Palaute joka asioinnista, ja siihen vastataan"),
    ),
    "services": (
        ("Palvelu aukioloaikoina", "Lomakkeet virkakielellä"),
        ("Perusasiat hoituvat verkossa milloin vain", "Selkokieli kaikissa päätöksissä"),
    ),
    "practices": (
        ("Jokainen ratkaisee yksin", "Päätökset kokouksissa, joihin kaikki eivät pääse"),
        ("Vaikeat tapaukset työparille", "Lyhyt aamupalaveri, päätökset näkyviin samana päivänä"),
    ),
    "cooperation": (
        ("Tiukat tehtävänkuvat", "Tieto kulkee esihenkilöiden kautta"),
        ("Yhteinen vastuu asiakkaan asiasta", "Tiimit sopivat työnjaosta itse joka viikko"),
    ),
    "tools": (
        ("Kolme järjestelmää, sama tieto", "Sähköposti työjonona"),
        ("Yksi asianhallinta, josta näkee tilanteen", "Yhteinen työjono, ei henkilökohtaisia"),
    ),
    "rules": (
        ("Ohjeita tulkitaan eri tavoin", "Tietosuojaa pelätään"),
        ("Yhteinen tulkinta ja esimerkit intrassa", "Tiedämme, mitä saa kysyä ja kirjata"),
    ),
    "learning": (
        ("Kursseja oman työn ulkopuolella", "Virheistä ei puhuta"),
        (
            "Opitaan työssä, viikoittain puoli tuntia",
            "Opit jaetaan: mitä kokeilimme, mitä huomasimme",
        ),
    ),
}

PICKED = {
    "works": (
        "Pulmat otetaan yhteiseen pöytään",
        "Apua uskaltaa pyytää",
        "Asiakkaan asia edellä",
        "Uudet ideat kuunnellaan",
        "Vastuuta annetaan",
    ),
    "focus": (
        "Palautteen antaminen kasvokkain",
        "Opit talteen, ei vain muistiin",
        "Kuunteleminen ennen ratkaisua",
        "Aikaa oppimiselle",
    ),
    "findings": ("Kuormitus kasvoi syksyllä", "Esihenkilön tuki 3,9 (vuosi sitten 3,4)"),
}

IDEAS = """
Varttitunnin aamupalaveri seisten
Puhelinvuorot kahdelle, muilla työrauha
Selkokielinen päätöspohja kaikille
Asiakaspaneeli kerran kuussa
Työpari vaikeisiin tapauksiin
Sähköpostiton perjantai-iltapäivä
Perehdytyskummi jokaiselle uudelle
Yksi työjono kaikille
Oppimisen puolituntinen torstaisin
""".strip().split("\n")

ANSWERS = {
    "phenomena_summary": {
        "matter": "Tiedonkulku ja työnjako. Asiakas odottaa, koska emme näe toistemme työtä.\n"
        "Toiseksi oppiminen: hiljainen tieto lähtee, eikä uusia ehditä perehdyttää.",
        "learn": "Chat ja aamupalaverit auttoivat heti. Pienet muutokset riittävät, kun ne tehdään "
        "yhdessä ja niistä kerrotaan.",
        "renew": "Vastuu neuvonnasta etäpäivinä, selkokielinen viestintä ja palautteen kokoaminen.",
        "gain": "Vastaus tulee samana päivänä, eikä samaa asiaa tarvitse kertoa kolmesti.",
    },
    "change_summary": {
        "picture": "Siirrymme omista luukuista yhteiseen vastuuseen asiakkaan asiasta.",
        "central": "Yksi työjono, työparit ja oppiminen työn lomassa.",
        "master": "Asianhallinta, selkokieli ja palautteen pyytäminen.",
        "connect": "Innostavat kokemukset työpareista ja aamupalavereista ovat jo osa vastausta.",
    },
    "synthesis": {
        "solutions": "Jonot ja epäselvä työnjako. Valmentava ote: kysytään ensin.",
        "why_now": "Uusi asianhallinta tulee keväällä, ja kolme kokenutta jää eläkkeelle.",
        "works": "Apua uskaltaa pyytää, ja pulmat otetaan yhteiseen pöytään.",
        "fits": "Sopii neuvontaan ja lupiin. Ei sovi kiireellisiin turvallisuusasioihin.",
        "first": "Varttitunnin aamupalaveri ja puhelinvuorot kahdelle.",
    },
}

EXPERIMENTS = (
    {
        "what": "Varttitunnin aamupalaveri seisten\nJoka arkiaamu klo 8.45, yksi asia jokaiselta.",
        "why": "Tiedämme, mitä muut tekevät, ja pyydämme apua ajoissa.",
        "start": "2026-05-11",
        "end": "2026-06-18",
        "who": "Neuvonta ja luvat, vetovuoro kiertää",
        "assess": "Laskemme puhelut, joihin vastattiin samana päivänä. Kysely viikolla 23.",
    },
    {
        "what": "Puhelinvuorot kahdelle, muilla työrauha",
        "why": "Jono lyhenee ja muut saavat keskittyä.",
        "start": "2026-05-18",
        "end": "2026-09-30",
        "who": "Neuvonta, Aino ja Pekka sopivat vuorot",
        "assess": "Jonotusaika viikoittain: nyt 11 minuuttia, tavoite alle 4.",
    },
    {
        "what": "Selkokielinen päätöspohja kaikille",
        "why": "Asiakas ymmärtää päätöksen kerralla, ja oikaisupyyntöjä tulee vähemmän.",
        "start": "2026-08-17",
        "end": "2026-11-27",
        "who": "Lupatiimi, viestinnästä Leena",
        "assess": "Kymmenen asiakasta lukee vanhan ja uuden pohjan.",
    },
)
