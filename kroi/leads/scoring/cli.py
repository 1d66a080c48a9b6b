"""Commands about scores."""

import click
from flask.cli import AppGroup
from tqdm import tqdm

from kroi.core.errors import Refusal
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.leads.scoring.learnt import service as learnt
from kroi.leads.scoring.learnt.rules.enough import Figures
from kroi.leads.scoring.models import LearntModel
from kroi.leads.scoring.rescoring import service as rescoring

scoring = AppGroup("scoring", help="Scores: learn from outcomes, judge again.")
_DEALERSHIP = click.option("--dealership", metavar="HOST", help="Whose leads; not needed when there is only one.")


@scoring.command("learn")
@_DEALERSHIP
def learn_command(dealership: str | None) -> None:
    """Learn a score from won and lost leads and say how it does beside the rules. It judges nobody yet.

    Example: flask scoring learn
    """
    try:
        with acting_for(dealerships.get_only_or_by_host(dealership).id):
            rescoring.note_facts()
            with tqdm(total=learnt.STEPS, desc="Learning", unit="fit") as bar:
                model = learnt.learn(bar.update)
            _show(model)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None


@scoring.command("rescore")
@_DEALERSHIP
def rescore_command(dealership: str | None) -> None:
    """Judge the open leads again that another version judged; the worker does the same by itself.

    Example: flask scoring rescore
    """
    try:
        with acting_for(dealerships.get_only_or_by_host(dealership).id):
            noted, judged = rescoring.note_facts(), rescoring.rescore()
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"Facts of {noted} older leads noted, {judged} open leads judged again.")


def _show(model: LearntModel) -> None:
    found = Figures.from_data(model.figures)
    click.echo(
        f"Version {model.version}: learnt from {found.learnt_from} leads ({found.learnt_from_won} won),"
        f" asked about {found.held_out} newer ones ({found.held_out_won} won)."
    )
    click.echo(
        f"AUC {found.auc:.3f}, the rules {found.auc_rules:.3f}; in {found.sure:.0%} of resamples the better one."
    )
    click.echo(f"Log loss {found.loss:.3f}, the rules {found.loss_rules:.3f}.")
    click.echo(f"Calibration error {found.calibration_error:.3f}.")
    click.echo("It beats the rules: an owner may switch it on." if found.beats else "It does not beat the rules.")
