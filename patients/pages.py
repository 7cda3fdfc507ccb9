"""What the pages of a record declare of themselves, found by the name or the path of their URL.

The decorators of a view declare it; which views there are, the URLconf says. There is no other list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import Resolver404, URLResolver, get_resolver, resolve
from django.utils.translation import gettext

from accounts.rights import Right

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Page:
    """What a view declares: the page in words for those who read who saw a record, and the form it shows."""

    words: StrOrPromise = ""
    form: DraftForm | None = None


@dataclass(frozen=True)
class DraftForm:
    """A form that keeps drafts: its name for people, and the right that its page asks for."""

    label: StrOrPromise
    right: Right


@dataclass(frozen=True)
class Place:
    """Where a draft belongs: the form, and the patient it is about (None: a new person)."""

    view_name: str
    patient_id: int | None
    form: DraftForm


def declare(view: View, page: Page) -> View:
    """The view, with what its page says of itself."""
    vars(view)["page"] = page
    return view


def page_in_words(view_name: str) -> str:
    """What the page shows; a page without words is described as another page of the record."""
    return str(_page(view_name).words) or gettext("another page of the record")


def form_named(view_name: str) -> DraftForm | None:
    """The form of the page of this URL name; None where it has none, or is no longer there."""
    return _page(view_name).form


def place_of(path: str) -> Place:
    """Where a path leads. Raises ValueError unless it is the path of a form that keeps drafts."""
    try:
        match = resolve(path)
    except Resolver404:
        raise ValueError(path) from None
    form = form_named(match.view_name)
    if form is None:
        raise ValueError(path)
    return Place(match.view_name, match.kwargs.get("patient_id"), form)


def _page(view_name: str) -> Page:
    return _pages().get(view_name, Page())


@cache
def _pages() -> dict[str, Page]:
    """The declared pages of the site by the name of their URL, as "patients:page"."""
    views = _views(get_resolver(), "")
    return {name: page for name, view in views if isinstance(page := getattr(view, "page", None), Page)}


def _views(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, Any]]:
    inside = f"{namespace}{resolver.namespace}:" if resolver.namespace else namespace
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern, inside)
        elif pattern.name:
            yield f"{inside}{pattern.name}", pattern.callback
