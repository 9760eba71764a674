"""Who lives in the demo: the neighbours that have a story, and the names from which the others are made.

All of them are invented. Numbers are from the ranges that Ofcom keeps for drama, mails end in example.org, and the
postcodes end in letters that no real one has.
"""

from __future__ import annotations

from dataclasses import dataclass

from community_help.people.profiles import HelperState
from example_project.demo.seed.catalogue import KNOWLE_WEST

EVERYTHING = ("shopping", "prescription", "lift", "visit", "dog-walk", "errand")
#: A number that the seed gives to nobody, for calls from somebody new.
UNKNOWN_NUMBER = "0117 496 0999"


@dataclass(frozen=True)
class Coordinator:
    """Somebody who takes calls. No areas: all of them."""

    name: str
    face: str = ""
    areas: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()


COORDINATORS = (
    Coordinator("Ama Mensah", "ama", leads=("administrator", "safeguarding_lead")),
    Coordinator("Leroy Campbell", "leroy", leads=("data_protection_lead",)),
    Coordinator("Sue Perry", areas=("Bedminster", "Totterdown", "Knowle")),
    Coordinator("Martin Coles", areas=("Hartcliffe", "Hengrove", "Brislington")),
)


@dataclass(frozen=True)
class Neighbour:
    """A helper with a story. ``check`` is the level held; ``due_in`` the days until it must be seen again."""

    name: str
    kinds: tuple[str, ...]
    areas: tuple[str, ...]
    skills: tuple[str, ...] = ()
    check: str = "enhanced-dbs"
    due_in: int = 400
    face: str = ""
    state: HelperState = HelperState.APPROVED
    email: bool = True


HELPERS = (
    Neighbour(
        "Tom Aldous",
        (*EVERYTHING, "library-run"),
        (*KNOWLE_WEST, "Knowle"),
        ("car", "clear", "dogs", "cats"),
        due_in=520,
        face="tom",
    ),
    Neighbour(
        "Priya Nair",
        ("shopping", "prescription", "visit", "library-run"),
        KNOWLE_WEST,
        ("clear", "cats"),
        due_in=170,
        face="priya",
    ),
    Neighbour(
        "Kieran Webb",
        ("shopping", "prescription", "dog-walk", "errand"),
        ("Filwood", "Inns Court", "Melvin Square"),
        ("clear", "dogs", "strong"),
        due_in=610,
        face="kieran",
    ),
    Neighbour(
        "Fatima Yusuf",
        ("shopping", "prescription", "visit", "library-run"),
        ("Filwood", "Novers Park", "Inns Court"),
        ("somali", "clear", "cats"),
        due_in=260,
        face="fatima",
    ),
    Neighbour(
        "Gloria Bennett",
        ("lift", "shopping", "prescription", "errand"),
        (*KNOWLE_WEST, "Knowle", "Hengrove"),
        ("car", "clear", "cats"),
        due_in=350,
        face="gloria",
    ),
    Neighbour(
        "Dan Hollis",
        ("shopping", "lift", "errand", "dog-walk"),
        ("Filwood", "Knowle", "Hengrove", "Hartcliffe"),
        ("car", "dogs", "strong", "clear"),
        due_in=95,
        face="dan",
    ),
    Neighbour(
        "Chloe Vickery", ("dog-walk", "errand"), ("Filwood", "Knowle"), ("dogs",), "", 0, "chloe", HelperState.APPLIED
    ),
    Neighbour(
        "Marcus Bryant",
        ("shopping", "lift"),
        ("Knowle", "Totterdown"),
        ("car",),
        face="marcus",
        state=HelperState.PAUSED,
    ),
    Neighbour("Rosa Delgado", ("shopping", "visit", "prescription"), KNOWLE_WEST, ("clear",), due_in=-12, face="rosa"),
    Neighbour(
        "Mei Chan", ("prescription", "visit", "shopping"), ("Filwood", "Bedminster"), ("clear",), due_in=9, face="mei"
    ),
    Neighbour(
        "Gurdeep Gill", ("lift", "errand"), ("Bedminster", "Totterdown", "Knowle"), ("car", "strong"), face="gurdeep"
    ),
    Neighbour(
        "Hamza Iqbal", ("prescription", "errand", "shopping"), ("Inns Court", "Filwood"), ("strong",), face="hamza"
    ),
    Neighbour(
        "Nadia Karim",
        ("visit", "prescription", "library-run"),
        ("Melvin Square", "Novers Park"),
        ("clear",),
        "basic-dbs",
        face="nadia",
    ),
    Neighbour(
        "Joanna Kowalska",
        ("dog-walk", "visit", "library-run"),
        ("Knowle", "Melvin Square"),
        ("dogs", "cats", "polish"),
        "basic-dbs",
        face="joanna",
    ),
    Neighbour(
        "Hodan Ali", ("visit", "shopping", "library-run"), ("Melvin Square", "Inns Court"), ("somali",), face="hodan"
    ),
    Neighbour("Bev Maggs", ("visit", "errand"), ("Filwood", "Novers Park"), ("clear", "bsl"), "basic-dbs", face="bev"),
    Neighbour("Sue Perry", ("prescription", "visit"), ("Novers Park", "Filwood"), ("clear",)),
    Neighbour("Craig Dawe", ("lift", "errand"), ("Hartcliffe",), ("car",), state=HelperState.SUSPENDED),
)

#: Helpers without a story yet.
MORE_HELPERS = (
    "Alison Speed", "Barry Lacey", "Carol Withers", "Dele Okafor", "Emma Tanner", "Faisal Rahman", "Gemma Rudge",
    "Howard Pike", "Iris Penny", "Jamal Edwards", "Karen Stuckey", "Liam Corcoran", "Magda Nowak", "Neil Garland",
    "Olive Prewett", "Pete Summerhayes", "Queenie Brain", "Rob Tanfield", "Samira Osman", "Trevor Bees",
    "Una Fitzgerald", "Vikram Shah", "Wendy Coles", "Yusuf Demir", "Zoe Hartnell", "Colin Mapstone",
)  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """A requester with a story."""

    name: str
    area: str
    address: str
    phone: str = ""
    face: str = ""
    known_as: str = ""
    warnings: str = ""
    notes: str = ""
    prefers: tuple[str, ...] = ("shopping", "prescription")
    helped_by: tuple[str, ...] = ()


CALLERS = (
    Caller(
        "Doreen Pascoe", "Filwood", "14 Leinster Avenue", "0117 496 0187", "doreen",
        warnings="Hard of hearing. Speak slowly, say it twice. Gets muddled about days.",
        notes="Side gate sticks: push hard. The cat must not get out.",
        prefers=("shopping", "shopping", "prescription"), helped_by=("Tom Aldous", "Tom Aldous", "Priya Nair"),
    ),
    Caller(
        "Winston Clarke", "Inns Court", "7 Marigold Walk", "0117 496 0164", "winston", "Mr Clarke",
        notes="Second floor, no lift. Buzzer 4.", prefers=("prescription", "errand"), helped_by=("Kieran Webb",),
    ),
    Caller(
        "Ivy Coombs", "Melvin Square", "52 Saltmarsh Road", "0117 496 0171", "ivy",
        notes="Walks with a frame: bring the car right up to the gate.", prefers=("lift", "visit"),
        helped_by=("Gloria Bennett",),
    ),
    Caller(
        "Abdi Warsame", "Melvin Square", "9 Quarryman's Rise", "07700 900164", "abdi", "Mr Warsame",
        warnings="Prefers Somali on the phone. His daughter may answer.", notes="Ring the bell twice.",
        prefers=("lift",), helped_by=("Gloria Bennett", "Tom Aldous"),
    ),
    Caller(
        "Maureen Hobbs", "Novers Park", "23 Larkspur Close", "0117 496 0139", "maureen",
        warnings="Lost her husband in the spring. Likes to talk: give her time.",
        notes="Key safe: ask us for the number.",
        prefers=("visit", "visit", "shopping"), helped_by=("Fatima Yusuf",),
    ),
    Caller(
        "Jean Tovey", "Melvin Square", "31 Throgmorton Road", "0117 496 0123", "jean",
        notes="Ring twice and wait. Jean walks with a frame.",
        prefers=("dog-walk",), helped_by=("Tom Aldous", "Kieran Webb"),
    ),
    Caller(
        "Len Sparrow", "Filwood", "3 Cobblers Row", "0117 496 0155", "len",
        notes="The bell is broken: knock on the window.", prefers=("errand", "lift"), helped_by=("Dan Hollis",),
    ),
    Caller(
        "Sheila Gunter", "Novers Park", "88 Larkspur Close", "0117 496 0118", "sheila",
        warnings="Hard of hearing. Let it ring for a long time.", notes="Ground floor, green door.",
        prefers=("visit",), helped_by=("Priya Nair",),
    ),
    Caller(
        "Harold Vowles", "Filwood", "61 Bluebell Drive", "0117 496 0107", "harold", "Mr Vowles",
        warnings="Nearly blind. Say who you are at once.", notes="He comes to the door slowly.",
        prefers=("shopping",), helped_by=("Dan Hollis",),
    ),
    Caller("Arthur Pople", "Knowle", "5 Turnstile Lane", "0117 496 0176", "arthur", prefers=("visit", "lift")),
    Caller("Bev Maggs", "Filwood", "40 Bluebell Drive", "07700 900176", prefers=("lift",), helped_by=("Tom Aldous",)),
)  # fmt: skip

FIRST_NAMES = tuple(
    """Ada Alfred Amina Audrey Barbara Bernard Betty Brenda Brian Cecil Cynthia Daphne Delroy Derek Doris Edna
    Elsie Eric Ernest Eunice Freda George Gladys Gwen Halima Hilda Horace Irene Ivor Joyce June Kamala Kenneth
    Lionel Mabel Margaret Marjorie Muriel Norman Olga Patience Pearl Phyllis Ravi Reg Rita Ronald Roy Stan
    Sylvia Teresa Thelma Veronica Vera Victor Violet Walter Wilfred Winifred Zainab""".split()
)
LAST_NAMES = tuple(
    """Abbott Ahmed Amos Baber Bartlett Bishop Bracey Britton Brown Burge Chivers Cook Cottle Dando Davies Duggan
    Ellis Flook Francis Gait Godwin Green Hassan Hill Hobday Howe Isaacs Jefferies Joseph Khan Lear Lewis
    Llewellyn Lovell Marsh Millard Mitchell Monks Neale Nurse Osborne Palmer Parfitt Patel Pegler Powell
    Ricketts Roberts Rowles Sage Shepherd Singh Stone Summers Thorne Tucker Vaughan Weeks Wiltshire Yeo""".split()
)
STREETS = (
    "Marigold Walk", "Saltmarsh Road", "Quarryman's Rise", "Larkspur Close", "Cobblers Row", "Bluebell Drive",
    "Turnstile Lane", "Weighbridge Street", "Lamplighter Way", "Orchard Bank", "Potter's Green", "Kestrel Avenue",
    "Harebell Road", "Tannery Lane", "Signalman's Cottages", "Hilltop Crescent",
)  # fmt: skip
ACCESS_NOTES = (
    "Ring and wait: it takes a while.", "Side door, not the front.", "Third floor. The lift works.",
    "Friendly dog, big bark.", "Buzzer 12.", "Steps up to the door, mind the third.", "Knock loudly.",
    "Carer is there until eleven.", "Key safe: ask us for the number.", "Uses a wheelchair, the ramp is at the back.",
)  # fmt: skip
WARNINGS = (
    "Hard of hearing. Speak slowly.", "Forgets that she has rung. Check the desk first.",
    "Worried about strangers: say the safe word at once.", "Prefers the afternoon.", "Her son Paul may answer.",
    "Diabetic: do not leave it late.", "Nearly blind. Say who you are at once.",
)  # fmt: skip
