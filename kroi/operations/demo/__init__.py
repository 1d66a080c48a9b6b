"""A dealership to try Kroi out with: invented stock, staff, shoppers and visits."""
