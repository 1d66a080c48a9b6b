"""What the rooms bring: their pages, commands, chores, and who listens to what."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from click import Command
from flask import Blueprint

from kroi.accounts import cli as accounts_cli
from kroi.accounts import staff as accounts_staff
from kroi.accounts import views as accounts_views
from kroi.accounts.audit import anchors
from kroi.accounts.audit import cli as audit_cli
from kroi.accounts.audit import staff as audit_staff
from kroi.accounts.audit import watch as audit_watch
from kroi.accounts.door import service as door
from kroi.accounts.emails import staff as emails_staff
from kroi.accounts.events import EmailChanged, LinkMade
from kroi.accounts.factors import staff as factors_staff
from kroi.accounts.passkeys import service as passkeys
from kroi.accounts.passkeys import staff as passkeys_staff
from kroi.accounts.passkeys import views as passkeys_views
from kroi.accounts.roles import staff as roles_staff
from kroi.accounts.sessions import service as sessions
from kroi.accounts.sessions import staff as sessions_staff
from kroi.accounts.tickets import service as tickets
from kroi.accounts.tickets import views as tickets_views
from kroi.analytics.counting import service as views
from kroi.analytics.reports import service as reports
from kroi.analytics.reports import staff as reports_staff
from kroi.analytics.vitals import views as vitals_views
from kroi.catalogue import cli as catalogue_cli
from kroi.catalogue import staff as catalogue_staff
from kroi.catalogue import subscribers as catalogue_subscribers
from kroi.catalogue import views as catalogue_views
from kroi.catalogue.api import views as api_views
from kroi.catalogue.changes import service as changes
from kroi.catalogue.choosing import views as choosing_views
from kroi.catalogue.events import CarRelocated, CarsChanged
from kroi.catalogue.finance import cli as finance_cli
from kroi.catalogue.finance import views as finance_views
from kroi.catalogue.imports.events import UndoBegins
from kroi.catalogue.photos import views as photos_views
from kroi.catalogue.pricing import staff as price_staff
from kroi.catalogue.sheet import views as sheet_views
from kroi.catalogue.understanding import views as search_views
from kroi.dashboard import staff as dashboard_staff
from kroi.dashboard.settings import staff as settings_staff
from kroi.dashboard.settings.privacy import staff as privacy_settings
from kroi.dealerships import cli as dealerships_cli
from kroi.dealerships import views as dealerships_views
from kroi.dealerships.events import ProfileChanged
from kroi.leads import staff as leads_staff
from kroi.leads import subscribers as leads_subscribers
from kroi.leads import views as leads_views
from kroi.leads.assignment import service as assignment
from kroi.leads.assignment import staff as assignment_staff
from kroi.leads.assignment import subscribers as assignment_subscribers
from kroi.leads.board import staff as board_staff
from kroi.leads.clock import service as response_clock
from kroi.leads.clock import subscribers as response_ladder
from kroi.leads.events import (
    AnswerCame,
    AnswerOverdue,
    AnswerRunsOut,
    ErasureBegins,
    InquirySubmitted,
    LeadAssigned,
    LeadMoved,
    LeadReturned,
    LeadStranded,
    MailFailed,
    MailHurried,
    MailRecalled,
    MailWritten,
    ShopperActed,
    VisitChanged,
)
from kroi.leads.files import service as lead_files
from kroi.leads.files import staff as files_staff
from kroi.leads.inbox import staff as inbox_staff
from kroi.leads.live import staff as live_staff
from kroi.leads.mail import mailbox
from kroi.leads.mail import staff as leads_mail
from kroi.leads.own_page import views as own_page_views
from kroi.leads.people import service as people
from kroi.leads.people import staff as people_staff
from kroi.leads.privacy import aftermath as erasures
from kroi.leads.privacy import again as restored_people
from kroi.leads.privacy import cli as privacy_cli
from kroi.leads.privacy import staff as privacy_staff
from kroi.leads.privacy.retention import service as retention
from kroi.leads.scoring import cli as scoring_cli
from kroi.leads.scoring import staff as scoring_staff
from kroi.leads.scoring import subscribers as scoring_subscribers
from kroi.leads.scoring.learnt import service as learnt
from kroi.leads.scoring.rescoring import service as rescoring
from kroi.leads.visits import staff as visits_staff
from kroi.leads.wishes import photos as own_photos
from kroi.leads.wishes import staff as wishes_staff
from kroi.notifications import cli as notifications_cli
from kroi.notifications import service as outbox
from kroi.notifications import subscribers as notifications
from kroi.notifications.notices import staff as notices_staff
from kroi.notifications.upkeep import staff as messages_staff
from kroi.notifications.webhooks import staff as webhooks_staff
from kroi.notifications.worker.rules import Chore
from kroi.operations import cli as operations_cli
from kroi.operations import staff as operations_staff
from kroi.operations import views as operations_views
from kroi.operations.backup import chore as backups
from kroi.operations.demo import cli as demo_cli
from kroi.operations.insight import staff as insight_staff
from kroi.operations.metrics import service as metrics

BLUEPRINTS: Sequence[Blueprint] = (
    dealerships_views.shop,
    leads_views.shop,
    own_page_views.shop,
    visits_staff.staff,
    wishes_staff.staff,
    leads_staff.staff,
    people_staff.staff,
    privacy_staff.staff,
    scoring_staff.staff,
    leads_mail.staff,
    inbox_staff.staff,
    files_staff.staff,
    board_staff.staff,
    live_staff.staff,
    assignment_staff.staff,
    dashboard_staff.staff,
    settings_staff.staff,
    privacy_settings.staff,
    accounts_views.door_pages,
    accounts_staff.staff,
    sessions_staff.staff,
    tickets_views.door_pages,
    emails_staff.staff,
    factors_staff.staff,
    passkeys_views.door_pages,
    passkeys_staff.staff,
    roles_staff.staff,
    audit_staff.staff,
    catalogue_views.shop,
    search_views.shop,
    finance_views.shop,
    catalogue_staff.staff,
    price_staff.staff,
    choosing_views.shop,
    sheet_views.shop,
    photos_views.media,
    api_views.api,
    notices_staff.staff,
    webhooks_staff.staff,
    messages_staff.staff,
    reports_staff.staff,
    vitals_views.shop,
    operations_staff.staff,
    insight_staff.staff,
    operations_views.machine,
)
COMMANDS: Sequence[Command] = (
    dealerships_cli.dealerships,
    catalogue_cli.stock,
    finance_cli.finance,
    accounts_cli.users,
    audit_cli.audit,
    notifications_cli.worker,
    scoring_cli.scoring,
    privacy_cli.people,
    demo_cli.demo,
    operations_cli.ops,
)
LISTENERS: Sequence[tuple[type, Callable[..., None]]] = (
    (InquirySubmitted, assignment_subscribers.on_inquiry),
    (LinkMade, notifications.on_link),
    (EmailChanged, notifications.on_email),
    (InquirySubmitted, notifications.on_inquiry),
    (LeadReturned, assignment_subscribers.on_return),
    (InquirySubmitted, scoring_subscribers.on_inquiry),
    (MailWritten, notifications.on_mail_written),
    (MailFailed, notifications.on_mail_failed),
    (MailRecalled, notifications.on_mail_recalled),
    (MailHurried, notifications.on_mail_hurried),
    (AnswerCame, notifications.on_answer),
    (LeadAssigned, notifications.on_assigned),
    (LeadMoved, notifications.on_moved),
    (ErasureBegins, notifications.on_erasure),
    (LeadReturned, notifications.on_returned),
    (LeadStranded, notifications.on_returned),
    (ShopperActed, notifications.on_shopper),
    (VisitChanged, notifications.on_visit),
    (CarsChanged, changes.on_cars_changed),
    (CarRelocated, response_ladder.on_relocated),
    (AnswerRunsOut, notifications.on_runs_out),
    (AnswerOverdue, notifications.on_overdue),
    (ProfileChanged, changes.on_profile_changed),
    (UndoBegins, leads_subscribers.keep_cars_asked_about),
)
CHORES = (
    Chore("forget photos left behind", timedelta(hours=6), own_photos.forget_left_behind),
    Chore("forget files left behind", timedelta(hours=6), lead_files.forget_left_behind),
    Chore("climb the ladder", timedelta(seconds=20), response_ladder.climb),
    Chore("measure answers", timedelta(minutes=15), response_clock.mend),
    Chore("fetch mail", timedelta(seconds=30), mailbox.fetch, each_dealership=False),
    Chore("judge leads again", timedelta(seconds=30), rescoring.rescore),
    Chore("note the facts of leads", timedelta(minutes=15), rescoring.note_facts),
    Chore("learn from outcomes", timedelta(hours=6), learnt.learn_when_due),
    Chore("forget messages", timedelta(hours=6), outbox.forget_sent),
    Chore("anchor the audit", timedelta(minutes=15), anchors.drop),
    Chore("read the audit again", timedelta(minutes=15), audit_watch.look),
    Chore("forget tries", timedelta(hours=1), door.forget_old),
    Chore("forget links", timedelta(hours=6), tickets.forget_old),
    Chore("forget questions to passkeys", timedelta(hours=1), passkeys.forget_old),
    Chore("finish erasures", timedelta(minutes=1), erasures.finish),
    Chore("erase again who came back", timedelta(minutes=15), restored_people.erase),
    Chore("forget people whose time is over", timedelta(hours=1), retention.forget_over),
    Chore("name people", timedelta(minutes=10), people.name_people),
    Chore("forget sessions", timedelta(hours=6), sessions.forget_over),
    Chore("forget visitors", timedelta(hours=1), views.roll_up),
    Chore("count reports", timedelta(minutes=1), reports.count_again),
    Chore("forget changes", timedelta(hours=1), catalogue_subscribers.forget_changes),
    Chore("keep the round going", timedelta(seconds=20), assignment.keep_going),
    Chore("back up when it is time", timedelta(minutes=5), backups.look, each_dealership=False),
    Chore("keep the erasures beside the backups", timedelta(minutes=1), backups.send_ledger, each_dealership=False),
    Chore("write down figures", timedelta(seconds=5), metrics.write_down, each_dealership=False),
    Chore("end reservations", timedelta(minutes=15), catalogue_subscribers.end_reservations),
)
