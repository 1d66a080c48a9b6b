"""The words that describe a lead; their values stand in addresses, forms and reports."""

import enum


class Interest(enum.StrEnum):
    """What a shopper wants."""

    QUESTION = "question"
    TEST_DRIVE = "test_drive"
    TRADE_IN = "trade_in"
    FINANCE = "finance"
    CALL_BACK = "call_back"
    NOTIFY = "notify"


class LeadStatus(enum.StrEnum):
    """How far a lead has come."""

    NEW = "new"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    APPOINTMENT = "appointment"
    NEGOTIATING = "negotiating"
    WON = "won"
    LOST = "lost"
    SPAM = "spam"


OPEN = (
    LeadStatus.NEW,
    LeadStatus.CONTACTED,
    LeadStatus.QUALIFIED,
    LeadStatus.APPOINTMENT,
    LeadStatus.NEGOTIATING,
)


class LostReason(enum.StrEnum):
    """Why nothing came of it."""

    BOUGHT_ELSEWHERE = "bought_elsewhere"
    PRICE = "price"
    FINANCE_REFUSED = "finance_refused"
    CAR_SOLD = "car_sold"
    NO_ANSWER = "no_answer"
    NOT_SERIOUS = "not_serious"
    OTHER = "other"


class Priority(enum.StrEnum):
    """How soon somebody should call."""

    URGENT = "urgent"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Source(enum.StrEnum):
    """Where a lead came from."""

    WEBSITE_CAR = "website_car"
    WEBSITE_CONTACT = "website_contact"
    PHONE = "phone"
    WALK_IN = "walk_in"
    EMAIL = "email"
    ADF = "adf"
    MARKETPLACE = "marketplace"


class CallOutcome(enum.StrEnum):
    """How a call went."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
