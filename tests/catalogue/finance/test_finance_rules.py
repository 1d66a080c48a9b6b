"""The laws of the estimate: what a month costs, its exact inverse, and the rate as the directive defines it."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kroi.catalogue.finance import rules
from kroi.catalogue.finance.rules import Payment, Terms
from kroi.catalogue.rules.prices import MOST_CENTS

_cents = st.integers(0, MOST_CENTS)
_prices = st.integers(1, 300_000_00)
_terms = st.builds(
    Terms,
    down_percent=st.decimals(0, rules.MOST_DOWN, places=1),
    months=st.integers(1, rules.MOST_MONTHS),
    rate_percent=st.decimals(0, 30, places=2),
    opening_cents=st.integers(0, 1_000_00),
    fee_cents=st.integers(0, 50_00),
)


@given(terms=_terms, one=_cents, other=_cents)
def test_a_dearer_car_never_costs_less_a_month(terms: Terms, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert rules.monthly_cents(low, terms) <= rules.monthly_cents(high, terms)


@given(terms=_terms, monthly=st.integers(0, 5_000_00))
def test_the_highest_price_is_affordable_and_one_cent_more_is_not(terms: Terms, monthly: int) -> None:
    highest = rules.highest_price(monthly, terms)
    assert 0 <= highest <= MOST_CENTS
    assert rules.monthly_cents(highest, terms) <= monthly
    assert highest == MOST_CENTS or rules.monthly_cents(highest + 1, terms) > monthly


@given(terms=_terms, price=_prices, monthly=st.integers(0, 5_000_00))
def test_a_price_is_within_a_budget_just_when_it_is_at_most_the_highest(terms: Terms, price: int, monthly: int) -> None:
    assert (rules.monthly_cents(price, terms) <= monthly) == (price <= rules.highest_price(monthly, terms))


def test_a_car_without_a_price_costs_nothing_a_month() -> None:
    assert rules.monthly_cents(0, Terms()) == 0


@pytest.mark.parametrize(
    ("credit", "payments", "rate"),
    [  # the worked examples of Directive 98/7/EC, annex II, whose formula is that of 2008/48/EC
        (1000_00, [(18, 1200_00)], "12.9"),
        (950_00, [(18, 1200_00)], "16.9"),
        (1000_00, [(12, 600_00), (24, 600_00)], "13.1"),
        (1000_00, [(3, 272_00), (6, 272_00), (12, 544_00)], "13.2"),
    ],
)
def test_the_published_examples_come_out(credit: int, payments: list[Payment], rate: str) -> None:
    assert rules.apr(credit, payments) == Decimal(rate)


_payments = st.lists(st.tuples(st.integers(1, 72), st.integers(1_00, 2_000_00)), min_size=1, max_size=24)


@given(payments=_payments, interest=st.integers(0, 500_00))
def test_the_rate_is_the_one_to_which_the_true_root_rounds(payments: list[Payment], interest: int) -> None:
    credit = max(sum(cents for _, cents in payments) - interest, 1)
    rate = rules.apr(credit, payments)
    if rate == Decimal("9999.9"):
        return  # where the search ends
    with localcontext() as exact:
        exact.prec = 60
        below, above = ((rate + step) / 100 for step in (Decimal("-0.05"), Decimal("0.05")))
        assert rate == 0 or _worth(payments, below) >= credit
        assert _worth(payments, above) < credit


def _worth(payments: list[Payment], rate: Decimal) -> Decimal:
    """The directive's right side, term by term."""
    return sum((cents / (1 + rate) ** (Decimal(months) / 12) for months, cents in payments), Decimal(0))


@given(payments=_payments, credit=st.integers(100_00, 10_000_00), more=st.integers(0, 500_00))
def test_whoever_pays_more_for_the_same_credit_pays_a_higher_rate(
    payments: list[Payment], credit: int, more: int
) -> None:
    dearer = [(months, cents + more) for months, cents in payments]
    assert rules.apr(credit, payments) <= rules.apr(credit, dearer)


@given(terms=_terms, price=st.integers(100_00, 300_000_00))
def test_no_rate_is_below_the_nominal_one(terms: Terms, price: int) -> None:
    assert rules.quote(price, terms).apr >= terms.rate_percent.quantize(Decimal("0.1"), ROUND_HALF_UP)


@given(terms=_terms, price=_prices, down=st.integers(0, MOST_CENTS), months=st.integers(1, 120))
def test_a_quote_adds_up(terms: Terms, price: int, down: int, months: int) -> None:
    quote = rules.quote(price, terms, down=down, months=months)
    assert quote.down_cents + quote.credit_cents == price and quote.credit_cents > 0
    assert quote.total_cents == quote.down_cents + quote.months * quote.monthly_cents == price + quote.cost_cents
    assert quote.cost_cents >= terms.opening_cents + months * terms.fee_cents


@given(terms=_terms, price=_prices)
def test_the_usual_quote_costs_what_the_card_says(terms: Terms, price: int) -> None:
    assert rules.quote(price, terms).monthly_cents == rules.monthly_cents(price, terms)


def test_fees_make_the_rate_higher_than_the_nominal_one() -> None:
    bare = Terms(opening_cents=0, fee_cents=0)
    assert rules.quote(24_850_00, bare).apr == Decimal("6.1")  # 1.0049167 to the power of 12
    assert rules.quote(24_850_00, Terms()).apr == Decimal("7.5")


@given(terms=_terms)
def test_terms_are_read_as_they_were_stored(terms: Terms) -> None:
    assert Terms.stored(terms.to_store()) == terms
    assert terms.problem() == ""


def test_what_a_dealership_does_not_say_is_the_usual() -> None:
    assert Terms.stored({}) == Terms()
    assert Terms.stored({"months": 48, "of_old": 1}) == Terms(months=48)


@pytest.mark.parametrize(
    "values",
    [{"down_percent": Decimal(91)}, {"months": 0}, {"rate_percent": Decimal(-1)}, {"fee_cents": -1}, {"months": 121}],
)
def test_impossible_terms_have_a_problem(values: dict[str, object]) -> None:
    assert Terms(**values).problem()  # type: ignore[arg-type]
