"""Permissions as people say them."""

from flask_babel import lazy_gettext as _l

from kroi.accounts.access import Permission

PERMISSIONS = {
    Permission.USE_PORTAL: _l("Use the portal and their own profile"),
    Permission.READ_LEADS: _l("See the leads"),
    Permission.WORK_LEADS: _l("Work free leads and their own"),
    Permission.WORK_ALL_LEADS: _l("Work everybody's leads"),
    Permission.ASSIGN_LEADS: _l("Give leads to others"),
    Permission.MERGE_PEOPLE: _l("Merge people who are the same person"),
    Permission.EXPORT_LEADS: _l("Take leads out as a file"),
    Permission.READ_CARS: _l("See all cars, drafts too"),
    Permission.RESERVE_CARS: _l("Reserve cars"),
    Permission.EDIT_CARS: _l("Add, edit and price cars"),
    Permission.READ_REPORTS: _l("See the reports"),
    Permission.MANAGE_USERS: _l("Add and remove users, change their roles"),
    Permission.MANAGE_SETTINGS: _l("Change the settings of the dealership"),
    Permission.READ_AUDIT: _l("Read who did what"),
    Permission.ERASE_PEOPLE: _l("Erase a person for good"),
    Permission.OPERATE: _l("See how the installation is doing"),
}
