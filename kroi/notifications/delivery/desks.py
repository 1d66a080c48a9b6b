"""What every letter of a dealership is written with, whatever it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kroi.core.sites import site_of
from kroi.dealerships.rules import Profile
from kroi.leads.mail import service as mails
from kroi.leads.mail import words as mail_words
from kroi.leads.mail.rules.threads import Thread
from kroi.leads.models import Lead
from kroi.notifications.delivery.rules import Letter
from kroi.notifications.models import Outbox
from kroi.web.place import Place, speaking

Render = Callable[[str, Mapping[str, object]], str]


@dataclass(frozen=True)
class Desk:
    """What every letter of a dealership is written with. `site` is where its pages are, `sender` a bare address."""

    profile: Profile
    site: str
    sender: str
    render: Render
    domain: str = "localhost.localdomain"

    def write(self, name: str, language: str, to: str, lead: Lead | None, **context: object) -> Letter:
        """The letter of this name, in a language of the reader's."""
        profile = self.profile
        context |= {"lead": lead, "profile": profile, "site": self.site}
        with speaking(Place(language, profile.language, profile.currency, profile.zone)):
            subject = self.render(f"notifications/{name}.subject.txt", context)
            body = self.render(f"notifications/{name}.txt", context)
        return Letter(to, subject, body, profile.name, self.sender)

    def language_of(self, lead: Lead) -> str:
        """The language in which its shopper reads."""
        return mail_words.language_of(lead, self.profile)

    def identity(self, message: Outbox, lead_id: int) -> str:
        """A Message-ID that leads what is answered to it to its lead; the same for each attempt."""
        nonce = f"{message.id}-{message.created_at:%Y%m%d%H%M%S%f}"
        return Thread(message.dealership_id, lead_id, nonce).message_id(mails.sign, self.domain)


def desk(profile: Profile, public_url: str, domain: str, render: Render) -> Desk:
    """The desk of a dealership. Without an address of its own it sends from one that nobody reads."""
    return Desk(profile, site_of(public_url, profile.host), profile.email or f"no-reply@{domain}", render, domain)
