"""Where staff write to people, and where owners keep the templates for that."""

from flask import Blueprint, Response, flash, g, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from kroi.accounts.access import Permission, allow, me
from kroi.core.errors import Invalid, NotFound
from kroi.db.transaction import transaction
from kroi.leads import access
from kroi.leads import queries as leads
from kroi.leads import staff as lead_pages
from kroi.leads.mail import forms, later, queries, service, words
from kroi.leads.mail.forms import LATER, ReplyForm, TemplateForm
from kroi.leads.mail.models import ReplyTemplate
from kroi.leads.mail.rules import placeholders
from kroi.leads.models import Lead
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("leads_mail", __name__, url_prefix="/staff")


@staff.post("/leads/<int:lead_id>/mail")
@allow(Permission.WORK_LEADS)
def write(lead_id: int) -> Response:
    """Send a mail, at once or (`do`) later; or begin with a template, or look at it first, which changes nothing."""
    do = typed(request.form, "do")
    found = leads.get(lead_id)
    form = ReplyForm.submitted()
    form.values = words.values(found, g.profile, me().name)
    if do.startswith("template:"):
        form.begin_with(_template(do))
        return _shown(found, form, begun=True)
    if not form.validate():
        return _shown(found, form, status=422)
    if do == "preview":
        return _shown(found, form, preview=form.written())
    leaves_at = form.leaves_at(do, g.profile.zone) if do.startswith(LATER) else None
    if form.leaves.errors:
        return _shown(found, form, status=422)
    with transaction():
        service.write(access.work(lead_id), *form.written(), form.draft.data or "", leaves_at)
    return lead_pages.answer(lead_id)


@staff.post("/leads/<int:lead_id>/mail/<int:mail_id>")
@allow(Permission.WORK_LEADS)
def change_waiting(lead_id: int, mail_id: int) -> Response:
    """A mail that waits for its time: it leaves now, or (`do`) never."""
    deed = {"now": later.hurry, "cancel": later.recall}.get(typed(request.form, "do"))
    if deed is None:
        raise Invalid(_("Choose one of these"))
    with transaction():
        lead = access.work(lead_id)
        deed(lead, queries.lock(lead_id, mail_id))
    return lead_pages.answer(lead_id)


@staff.post("/leads/<int:lead_id>/mail/answered")
@allow(Permission.WORK_LEADS)
def needs_no_answer(lead_id: int) -> Response:
    """What they wrote wants no answer."""
    with transaction():
        service.needs_no_answer(access.work(lead_id))
    return lead_pages.answer(lead_id)


@staff.get("/settings/replies/")
@allow(Permission.MANAGE_SETTINGS)
def templates() -> Response:
    """All templates, and a form for a new one."""
    return _templates()


@staff.post("/settings/replies/")
@allow(Permission.MANAGE_SETTINGS)
def add_template() -> Response:
    """A new template, or (`do`) a look at it first."""
    form = TemplateForm.submitted()
    if not form.validate():
        return _templates(form, status=422)
    if typed(request.form, "do") == "preview":
        return _templates(form, preview=True)
    try:
        with transaction():
            service.add_template(*form.typed())
    except IntegrityError:
        return _templates(_taken(form), status=422)
    flash(_("Saved."))
    return see(url_for("leads_mail.templates"))


@staff.get("/settings/replies/<int:template_id>")
@allow(Permission.MANAGE_SETTINGS)
def template(template_id: int) -> Response:
    """One template."""
    found = queries.lock_template(template_id)
    return _one(found, TemplateForm(obj=found))


@staff.post("/settings/replies/<int:template_id>")
@allow(Permission.MANAGE_SETTINGS)
def change_template(template_id: int) -> Response:
    """Other words for a template, (`do`) a look at them first, or it goes."""
    do = typed(request.form, "do")
    if do == "remove":
        with transaction():
            service.remove_template(queries.lock_template(template_id))
        flash(_("The template is gone."))
        return see(url_for("leads_mail.templates"))
    form = TemplateForm.submitted()
    found = queries.lock_template(template_id)
    if not form.validate() or do == "preview":
        return _one(found, form, status=422 if form.errors else 200, preview=not form.errors)
    try:
        with transaction():
            service.change_template(queries.lock_template(template_id), *form.typed())
    except IntegrityError:
        return _one(queries.lock_template(template_id), _taken(form), status=422)
    flash(_("Saved."))
    return see(url_for("leads_mail.templates"))


def _template(do: str) -> ReplyTemplate:
    number = do.removeprefix("template:")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise NotFound(_("There is no such template."))
    return queries.lock_template(int(number))


def _shown(
    found: Lead, form: ReplyForm, *, status: int = 200, preview: tuple[str, str] | None = None, begun: bool = False
) -> Response:
    desk = forms.with_form(found, g.profile, form, preview=preview, begun=begun)
    return lead_pages.again(found.id, status=status, mail=desk)


def _templates(form: TemplateForm | None = None, *, status: int = 200, preview: bool = False) -> Response:
    form = form or TemplateForm(language=g.profile.language)
    return show(
        "leads/mail/templates.html",
        status=status,
        templates=queries.list_templates(),
        form=form,
        preview=_preview(form) if preview else None,
        placeholders=words.PLACEHOLDERS,
    )


def _one(found: ReplyTemplate, form: TemplateForm, *, status: int = 200, preview: bool = False) -> Response:
    return show(
        "leads/mail/template.html",
        status=status,
        template=found,
        form=form,
        preview=_preview(form) if preview else None,
        placeholders=words.PLACEHOLDERS,
    )


def _preview(form: TemplateForm) -> tuple[str, str]:
    _name, _language, subject, body = form.typed()
    sample = words.sample()
    return placeholders.fill(subject, sample), placeholders.fill(body, sample)


def _taken(form: TemplateForm) -> TemplateForm:
    form.name.errors = [_("There is a template of this name in this language already.")]
    return form
