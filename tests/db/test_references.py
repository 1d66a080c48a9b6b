"""Which rows refer to which is read from the schema, and nothing is left out."""

from kroi import rooms  # every model
from kroi.accounts.models import User
from kroi.catalogue.models import Car
from kroi.db import references
from kroi.db.model import Model, Owned
from kroi.leads.models import Lead, Person
from kroi.leads.people.models import PersonPair

assert rooms.BLUEPRINTS


def test_every_owned_table_is_there_once_and_after_what_it_refers_to() -> None:
    found = references.parents_first()
    assert sorted(each.__name__ for each in found) == sorted(
        each.class_.__name__ for each in Model.registry.mappers if issubclass(each.class_, Owned)
    )
    place = {model: at for at, model in enumerate(found)}
    later = {
        (model, parent)
        for model in found
        for parent, _column in references.parents_of(model)
        if parent is not model and place[parent] > place[model]
    }
    assert later == set()


def test_what_a_row_refers_to_is_named_with_its_column() -> None:
    found = {(parent, column.key) for parent, column in references.parents_of(Lead)}
    assert found == {(User, "assignee_id"), (Car, "car_id"), (Person, "person_id")}
    sides = {(parent, column.key) for parent, column in references.parents_of(PersonPair)}
    assert {(Person, "one_id"), (Person, "other_id")} <= sides
