"""No table is forgotten: whatever is added either hangs on a person and goes with them, or is written down here."""

from sqlalchemy import JSON, Column, Enum, Text

from kroi import rooms  # every model
from kroi.db.model import Model
from kroi.leads.privacy import export
from kroi.leads.privacy.files import NAMES
from kroi.leads.privacy.holdings import hanging

# Texts of tables that do not hang on people, by what they are. A new one is written down where it belongs, or the table
# refers to people or leads, or kroi/leads/privacy learns what to do with it.
CARS = {
    "car_events": "before after reason",
    "cars": "stock_number slug make make_slug model model_slug trim vin plate category paragraphs features "
    "specifications search_text source_id fingerprint cover",
    "catalogue_changes": "car_ids",
    "import_rows": "reason before after",
    "import_runs": "file_name file_digest mapping",
    "market_listings": "source make_slug model_slug",
    "old_slugs": "slug",
    "photos": "digest alt",
}
HOUSE = {
    "dealerships": "name host language languages currency time_zone phone email street postal_code city country "
    "opening_hours special_days response_targets locations finance retention quotas other_hosts privacy_version",
    "door_rules": "second_step_roles",
    "learnt_models": "card figures",
    "number_sequences": "name",
    "reply_templates": "name language subject body",
    "rule_drafts": "points",
    "rule_sets": "points",
    "webhooks": "url events nonce",
}
STAFF = {
    "authenticators": "sealed_secret",
    "notice_wishes": "ways quiet_from quiet_until",
    "passkey_challenges": "digest",
    "passkeys": "name credential_id public_key",
    "recovery_codes": "digest",
    "round_members": "languages hours",
    "saved_views": "name filter",
    "sign_in_attempts": "address_digest account_digest",
    "staff_sessions": "token_digest device network",
    "tickets": "nonce digest email email_before",
    "users": "email name password_hash language",
}
COUNTS = {
    "daily_leads": "key answer_minutes",
    "erased_leads": "language hands",
    "mail_receipts": "mailbox message_key outcome",
    "visitor_marks": "digest",
    "visitor_salts": "salt",
}
HANDLED = {  # numbers of people and leads without a foreign key: kroi/leads/privacy/service.py sees to them
    "audit_entries": "action subject_kind details sealed previous_hash hash",
    "audit_heads": "hash",
    "bulk_changes": "changes refused",
    "erasure_aftermaths": "people leads files",
    "person_merges": "moved taken pairs",
}
WRITTEN_DOWN = CARS | HOUSE | STAFF | COUNTS | HANDLED


assert rooms.BLUEPRINTS


def holds_words(column: Column[object]) -> bool:
    return isinstance(column.type, (Text, JSON)) and not isinstance(column.type, Enum)


def test_every_text_belongs_to_somebody_or_is_written_down() -> None:
    about_people = {str(model.__tablename__) for model in hanging()}
    found = {
        name: {column.name for column in table.columns if holds_words(column)}
        for name, table in Model.metadata.tables.items()
        if name not in about_people
    }
    unknown = {
        name: sorted(columns - set(WRITTEN_DOWN.get(name, "").split()))
        for name, columns in found.items()
        if columns - set(WRITTEN_DOWN.get(name, "").split())
    }
    assert unknown == {}, "does this say anything about a shopper? see the top of this file"


def test_what_is_written_down_exists() -> None:
    columns = {name: {each.name for each in table.columns} for name, table in Model.metadata.tables.items()}
    gone = {
        name: set(said.split()) - columns.get(name, set())
        for name, said in WRITTEN_DOWN.items()
        if set(said.split()) - columns.get(name, set())
    }
    assert gone == {}


def test_tables_about_people_that_name_files_take_them_along() -> None:
    without = {
        str(model.__tablename__) for model in hanging() if "digest" in model.__table__.columns and model not in NAMES
    }
    assert without == {"own_pages"}, "its digest is a key's, and no file's"


def test_a_number_of_a_person_or_lead_is_a_foreign_key_or_written_down() -> None:
    about_people = {str(model.__tablename__) for model in hanging()}
    named = {
        name
        for name, table in Model.metadata.tables.items()
        for column in table.columns
        if name not in about_people and column.name in ("person_id", "lead_id", "mail_id", "survivor_id", "loser_id")
    }
    assert named <= set(HANDLED)


def test_an_archive_leaves_out_only_what_is_ours() -> None:
    secret = {"seal_key", "salt", "digest", "submission_key", "address_digest", "said", "dealership_id"}
    assert secret == export._OURS
    staff = {column.name for model in hanging() for column in model.__table__.columns if column.name.endswith("by_id")}
    assert staff == export._STAFF - {"undone_by_id"}
