"""`script/demo` calls this: prepare the demonstration's data, then serve it on this machine."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.server import data, serving

DEFAULT_PORT = 8000


class Command(BaseCommand):
    help = "Start TACSLE with invented patients on this machine."
    # Loading makes the tables that some checks look at.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="where to listen (%(default)s)")
        parser.add_argument("--no-serve", action="store_true", help="prepare the data and stop")
        parser.add_argument("--reset", action="store_true", help="delete the demonstration's data first")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("The demonstration runs with the embedded settings only.")
        try:
            self._run(port=options["port"], serve=not options["no_serve"], reset=options["reset"])
        except serving.ServingError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped.", returncode=130) from error

    def _run(self, *, port: int, serve: bool, reset: bool) -> None:
        if serve:
            serving.check_port(port)
        self._prepare(reset=reset)
        if serve:
            self._say("Starting the web server and the worker ...")
            data.ask_for_a_nightly_run()
            serving.serve(port, settings.VAR / "demo.log", self._say)

    def _prepare(self, *, reset: bool) -> None:
        if reset:
            self._say("Deleting the demonstration's data ...")
            data.delete(settings.VAR)
        self._say("Preparing the database ...")
        data.migrate()
        self._say("Loading invented patients (the first time takes a while) ...")
        data.load_patients()
        data.create_users()

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
