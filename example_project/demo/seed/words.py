"""What people in the demo ask for and say: titles, lists, notes, reasons, for each kind of job."""

from __future__ import annotations

from typing import Any, NamedTuple


class Wish(NamedTuple):
    """One thing to be done: what helpers see, what only the ratified helper sees, and the job model's own fields."""

    title: str
    public: str
    private: str
    minutes: int
    own: dict[str, Any]


WISHES: dict[str, tuple[Wish, ...]] = {
    "shopping": (
        Wish(
            "Weekly shopping",
            "A short list from a shop nearby, carried to the door.",
            "Leave it on the kitchen table.",
            60,
            {
                "shopping_list": "Small brown loaf, 2 pints of milk, 6 eggs, tin of salmon, cat food (the blue one).",
                "spend_limit": 15,
            },
        ),
        Wish(
            "A few things from the corner shop",
            "Five or six things, nothing heavy.",
            "No nuts: allergic.",
            40,
            {"shopping_list": "Tea bags, sugar, butter, bananas, a newspaper.", "spend_limit": 12},
        ),
        Wish(
            "Big shop, with bags to carry",
            "Two full bags. Somebody with a car would be best, but the bus stops outside.",
            "Anything with oats will do for the porridge.",
            90,
            {
                "shopping_list": "Potatoes 5 kg, onions, carrots, chicken thighs, rice, oats, washing powder.",
                "spend_limit": 30,
                "payment": "receipt",
            },
        ),
        Wish(
            "Click and collect, already paid",
            "Fetch a paid order from the counter and bring it round.",
            "The order number is on the fridge.",
            45,
            {"shopping_list": "Order is ready at the desk.", "payment": "prepaid"},
        ),
    ),
    "prescription": (
        Wish(
            "Collect a prescription",
            "Collect it and take it to the door.",
            "Insulin: keep it cool.",
            30,
            {"pharmacy": "Filwood Broadway", "name_on_it": "as above"},
        ),
        Wish(
            "Prescription, with a charge to pay",
            "Collect it, pay at the counter, bring the receipt.",
            "She pays you back at the door.",
            35,
            {"pharmacy": "Melvin Square", "name_on_it": "as above", "to_pay": True},
        ),
        Wish(
            "Monthly tablets",
            "A bag of tablets from the chemist, the same each month.",
            "Blister packs. They know him.",
            30,
            {"pharmacy": "Wells Road", "name_on_it": "as above"},
        ),
    ),
    "lift": (
        Wish(
            "Lift to the health park",
            "There, a wait of about half an hour, and home again.",
            "Blood test, room 4.",
            90,
            {"towards": "South Bristol", "destination": "Community hospital, main entrance"},
        ),
        Wish(
            "Lift to the eye clinic",
            "Eye drops make it hard to see on the way home.",
            "Appointment letter is on the table.",
            120,
            {"towards": "city centre", "destination": "Eye hospital, level 2"},
        ),
        Wish(
            "Lift home from hospital",
            "Home from the ward, with one bag.",
            "Ward 9a. Ring the ward first.",
            60,
            {"towards": "Southmead and back", "destination": "Ward 9a", "and_back": False},
        ),
        Wish(
            "Lift to the lunch club",
            "Down the hill and back, with a folding frame in the boot.",
            "Side door of the hall.",
            40,
            {"towards": "Knowle", "destination": "The hall by the church"},
        ),
    ),
    "visit": (
        Wish(
            "A cup of tea and a chat",
            "An hour of company on an afternoon.",
            "Likes to show her photographs.",
            60,
            {"likes": "Cricket, the old cigarette factory, her grandchildren."},
        ),
        Wish(
            "A phone call in the evening",
            "Ten minutes on the phone, to hear a voice.",
            "After the six o'clock news.",
            15,
            {"mode": "call", "likes": "The garden, the weather, football."},
        ),
        Wish(
            "Company for a game of cards",
            "Cribbage or rummy, an hour or so.",
            "He cheats. Let him.",
            75,
            {"likes": "Cards, the docks, Rovers (never mention City)."},
        ),
    ),
    "dog-walk": (
        Wish(
            "Walk a small terrier",
            "Half an hour round the park, on the lead.",
            "The lead is on the hook by the door. He pulls near buses.",
            40,
            {"dog_size": "small", "dog_name": "Biscuit", "habits": "Pulls near buses."},
        ),
        Wish(
            "Walk an old labrador",
            "Slowly, to the corner and back.",
            "Towel is by the door.",
            30,
            {"dog_size": "large", "dog_name": "Captain", "habits": "Stops at every gate."},
        ),
    ),
    "errand": (
        Wish(
            "Parcel to post",
            "A shoe box, already wrapped, to the post office.",
            "Money is in the envelope.",
            30,
            {"errand_place": "Post office, Filwood Broadway"},
        ),
        Wish(
            "Fetch a form and help to fill it in",
            "A form from the library; large writing helps.",
            "Attendance allowance.",
            45,
            {"errand_place": "Library, Filwood"},
        ),
        Wish(
            "Bring the bins round",
            "Two wheelie bins, front and back again.",
            "Mind the step.",
            15,
            {"errand_place": "At home"},
        ),
    ),
    "library-run": (
        Wish(
            "Three books from the library",
            "Two to fetch, one to take back.",
            "The card is in the blue dish.",
            45,
            {"branch": "Filwood", "books": "A sea story, and one about gardens. No murders.", "to_return": 1},
        ),
        Wish(
            "Large print from the library",
            "Fetch a book that is kept at the desk.",
            "Read her the first page: she likes that.",
            40,
            {"branch": "Knowle", "books": "The one kept under her name.", "large_print": True},
        ),
        Wish(
            "Library, with somebody who speaks Somali",
            "Fetch books in Somali, and talk over which ones.",
            "His daughter has the card.",
            60,
            {
                "branch": "Filwood",
                "language": "somali",
                "books": "Poems, or a newspaper of this month.",
                "to_return": 2,
            },
        ),
    ),
}

OFFER_NOTES = (
    "", "", "I go past at three anyway.", "Happy to.", "After four, if that's all right.", "I know the house.",
    "Can take the bus.", "I can do any time that day.", "",
)  # fmt: skip
DONE_NOTES = (
    "", "", "All well, very cheerful.", "She made me a cup of tea.", "No trouble at all.", "Asked after my mother.",
    "Lovely chat.", "He was pleased.", "Same again next week, please.", "Sat in the garden for a while.", "",
)  # fmt: skip
PARTLY_NOTES = (
    "No eggs to be had. Everything else is there.",
    "No bread left, bought rolls.",
    "Half of it was ready: back on Friday.",
)
NOBODY_NOTES = ("Rang three times and waited. A neighbour says she is at her daughter's.",)
CANCEL_REASONS = (
    "Her daughter came after all.", "The appointment was moved.", "Feels better and went himself.",
    "The neighbour had done it.", "In hospital.",
)  # fmt: skip
REASONS_TO_GO = {
    "released_first": ("My car won't start.", "I've got a cold, better not.", "I have to work late."),
    "stood_down_first": ("She would rather have somebody whom she knows.", "Two people had been sent by mistake."),
    "no_show_first": ("Did not come and could not be reached.",),
}
DECLINE_REASONS = ("Somebody she knows offered too.", "Too far for this one.")
HELPED_ASK = ("phone", "address", "postcode", "access_notes")
