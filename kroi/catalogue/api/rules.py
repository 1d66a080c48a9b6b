"""What machines may ask how often, and what the values of their answers mean."""

VERSION = "1"
ROOT = f"/api/v{VERSION}"
MOST_ASKED = 600  # times a minute and address; a minute's worth may come at once
PREFLIGHT_LASTS = 86_400  # seconds that a browser remembers that it may ask from another site

UNITS = {  # of the spans' parameters
    "price": "whole units of the dealership's currency (euros)",
    "monthly": "whole units of the dealership's currency (euros) a month",
    "year": "model year",
    "mileage": "km",
    "power": "kW",
}
