"""What the community of the demo has decided: its areas, skills, check levels and kinds of job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from community_help.jobs.task_type import TaskType, Tile, Urgency
from community_help.people.community import Area, Community, Skill
from community_help.people.places import columns_of
from community_help.safeguarding.background_checks import CheckLevel
from example_project.demo.seed import places

NAME = "Knowle West Helps"
PHONE_LINE = "0117 496 0142"
MAILBOX = "help@knowlewest.example"

#: Knowle West as its people divide it, then the neighbours down the hill.
KNOWLE_WEST = ("Filwood", "Inns Court", "Melvin Square", "Novers Park")
AREAS = (*KNOWLE_WEST, "Knowle", "Totterdown", "Bedminster", "Hartcliffe", "Hengrove", "Brislington")

SKILLS = (
    ("car", "a car", "drives"),
    ("clear", "to speak clearly", "speaks clearly"),
    ("dogs", "to be good with dogs", "good with dogs"),
    ("cats", "to be good with cats", "good with cats"),
    ("somali", "to speak Somali", "speaks Somali"),
    ("polish", "to speak Polish", "speaks Polish"),
    ("bsl", "to sign (BSL)", "signs (BSL)"),
    ("strong", "a strong back", "has a strong back"),
    ("computers", "to know about computers", "knows about computers"),
)

#: Short name, name, and the levels that it also proves.
CHECK_LEVELS = (
    ("basic-dbs", "Basic DBS", ()),
    ("standard-dbs", "Standard DBS", ("basic-dbs",)),
    ("enhanced-dbs", "Enhanced DBS", ("basic-dbs", "standard-dbs")),
    ("pvg", "PVG (Scotland)", ()),
    ("accessni-basic", "AccessNI basic (Northern Ireland)", ()),
    ("accessni-enhanced", "AccessNI enhanced (Northern Ireland)", ("accessni-basic",)),
)


@dataclass(frozen=True)
class Kind:
    """One kind of job, as the community set it up."""

    slug: str
    name: str
    icon: str
    tile: Tile
    job_model: str
    public: str
    private: str
    script: str
    rules: str
    urgency: Urgency = Urgency.SOON
    check: str = ""
    reason: str = ""
    skills: tuple[str, ...] = ()
    miles: float = 0


KINDS = (
    Kind(
        "shopping",
        "Shopping",
        "basket2-fill",
        Tile.SHOPPING,
        "community_help.shoppingjob",
        "Buy a short list at a shop nearby and take it to the door.",
        "Which shop they like:\nWhat to do if something is sold out:",
        "Anything that you must not eat? How will you pay: cash at the door, or shall the helper bring us the receipt?",
        "Agree the list and the limit first, £30 at most. Never take a card or a PIN. Keep the receipt.",
        check="enhanced-dbs",
        reason="Shopping with the money of somebody who can't go because of age or illness is a regulated activity.",
    ),
    Kind(
        "prescription",
        "Prescription",
        "capsule",
        Tile.PRESCRIPTION,
        "community_help.prescriptionjob",
        "Collect a prescription and take it to the door.",
        "Ready from:\nAnything to keep cool:",
        "Which chemist is it at, and is it ready? What name is on it? Do you pay for your prescriptions?",
        "Hand it to the person named on it, nobody else. Never open the bag.",
    ),
    Kind(
        "lift",
        "Lift",
        "car-front-fill",
        Tile.LIFT,
        "community_help.liftjob",
        "Drive somebody there, and back again if they wish.",
        "Where to wait:\nHow they walk, and what they bring (frame, chair):",
        "What time must you be there? Can you manage the steps and the car door? Shall the helper wait?",
        "Belts on. 45p a mile is paid by us: write down the miles.",
        check="enhanced-dbs",
        reason="Driving somebody to or from health care because of their age or illness is a regulated activity.",
        skills=("car",),
    ),
    Kind(
        "visit",
        "Visit or call",
        "cup-hot-fill",
        Tile.VISIT,
        "community_help.visitjob",
        "An hour of company: a cup of tea and a chat.",
        "What they like to talk about:\nWhat tires them:",
        "Would you like somebody to come round, or rather a chat on the phone? Which day do you feel lonely?",
        "Stay in the room where you are asked in. If something worries you, tell us the same day.",
        check="basic-dbs",
        reason="Somebody is alone with the helper at home. Anybody may be asked for a basic check.",
    ),
    Kind(
        "dog-walk",
        "Dog walk",
        "dog",
        Tile.DOG,
        "community_help.dogwalkjob",
        "Take a dog round the park.",
        "Where the lead is:\nWhat the dog is afraid of:",
        "How big is he, and does he pull? Is he all right with other dogs?",
        "Keep the dog on the lead. Ring us at once if the dog gets away or is hurt.",
        skills=("dogs",),
        miles=2,
    ),
    Kind(
        "errand",
        "Errand",
        "envelope-paper-fill",
        Tile.ERRAND,
        "community_help.errandjob",
        "A small errand: post a parcel, fetch a form, bring the bins round.",
        "Where to, and what to ask for:",
        "What is it, how big is it, and when must it be there?",
        "Never sign for anybody. Keep the receipt.",
        urgency=Urgency.WHENEVER,
    ),
    Kind(
        "library-run",
        "Library run",
        "book-fill",
        Tile.VISIT,
        "library_run.libraryrunjob",
        "Fetch books from the library, and take the old ones back.",
        "Where the library card is:\nWhat to bring if a book is out:",
        "Which library, and which books? Shall they be in large print? What is there to take back?",
        "Borrow on their card only, and bring it back with the books. Never pay a fine: tell us.",
        urgency=Urgency.WHENEVER,
    ),
)


@dataclass(frozen=True)
class Catalogue:
    """The rows, by short name (areas by name)."""

    areas: dict[str, Area]
    skills: dict[str, Skill]
    levels: dict[str, CheckLevel]
    kinds: dict[str, TaskType]


def write_catalogue() -> Catalogue:
    """Write what the community has decided, into empty tables."""
    community = Community.current()
    community.name, community.phone_line, community.email = NAME, PHONE_LINE, MAILBOX
    # Whoever tries the demo at night is to see the mails arrive.
    community.quiet_from = community.quiet_until = time(0)
    community.save()
    areas = [
        Area(name=name, slug=name.lower().replace(" ", "-"), order=order, **columns_of(places.middle_of(name)))
        for order, name in enumerate(AREAS)
    ]
    places.write_postcodes()
    skills = [
        Skill(slug=slug, name=name, phrase=phrase, order=order) for order, (slug, name, phrase) in enumerate(SKILLS)
    ]
    levels = [CheckLevel(slug=slug, name=name, order=order) for order, (slug, name, _) in enumerate(CHECK_LEVELS)]
    answer = Catalogue(
        {area.name: area for area in Area.objects.bulk_create(areas)},
        {skill.slug: skill for skill in Skill.objects.bulk_create(skills)},
        {level.slug: level for level in CheckLevel.objects.bulk_create(levels)},
        {},
    )
    for slug, _name, includes in CHECK_LEVELS:
        answer.levels[slug].includes.set([answer.levels[name] for name in includes])
    for order, kind in enumerate(KINDS):
        row = TaskType.objects.create(
            slug=kind.slug,
            name=kind.name,
            icon=kind.icon,
            tile=kind.tile,
            order=order,
            job_model=kind.job_model,
            criteria_options={"radius": {"on": True, "options": {"miles": kind.miles}}} if kind.miles else {},
            public_template=kind.public,
            private_template=kind.private,
            script=kind.script,
            safety_rules=kind.rules,
            check_level=answer.levels.get(kind.check),
            check_reason=kind.reason,
            urgency=kind.urgency,
        )
        row.default_skills.set([answer.skills[name] for name in kind.skills])
        answer.kinds[kind.slug] = row
    return answer
