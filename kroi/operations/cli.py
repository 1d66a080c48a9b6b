"""Commands for whoever keeps Kroi running; each sub-room brings its own."""

from flask.cli import AppGroup

from kroi.dealerships.cli import dealerships
from kroi.operations.backup import cli as backup
from kroi.operations.exit import cli as exit_
from kroi.operations.reporting import cli as reporting
from kroi.operations.switch import cli as switch
from kroi.operations.tenants import cli as tenants
from kroi.operations.upkeep import cli as upkeep

ops = AppGroup("ops", help="Back up, prove, restore, move and look after the database.")
ALL = (backup, exit_, reporting, switch, upkeep)
for command in (each for room in ALL for each in room.COMMANDS):
    ops.add_command(command)
for command in tenants.COMMANDS:
    dealerships.add_command(command)
