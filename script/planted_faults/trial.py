"""The trial of all faults: each alone before its own tests, what is left before everything, and a control."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from script.planted_faults.anchors import CannotPlantError
from script.planted_faults.fault import Fault
from script.planted_faults.planting import Copy
from script.planted_faults.report import Finding, Verdict
from script.planted_faults.running import Outcome, Runner, TestsCannotRunError

Tell = Callable[[Finding], None]


class Trial:
    """What became of each fault so far; `tell` hears of each finding, of some twice: the last one holds.

    known: what an earlier run found on the same tree.
    """

    def __init__(self, copy: Copy, runner: Runner, tell: Tell, known: Iterable[Finding] = ()) -> None:
        self._copy, self._runner, self._tell = copy, runner, tell
        self.findings = {finding.id: finding for finding in known}

    def run(self, faults: Sequence[Fault]) -> None:
        """Decide on every fault."""
        left = [fault for fault in faults if not self._is_decided_by(fault, fault.tests)]
        if left:
            self._before_everything(left)
        self._control()

    def _is_decided_by(self, fault: Fault, tests: Sequence[str]) -> bool:
        """Plant the fault alone; whether the tests caught it, or cannot be run with it."""
        try:
            outcome = self._alone(fault, tests)
        except (CannotPlantError, TestsCannotRunError) as error:
            self._note(fault, Verdict.ERROR, why=str(error))
            return True
        if outcome.failed:
            self._note(fault, Verdict.CAUGHT, outcome.failed[0], outcome.seconds)
        return bool(outcome.failed)

    def _alone(self, fault: Fault, tests: Sequence[str]) -> Outcome:
        """Files that a tree does not have are left out: the wider tests hold theirs."""
        wanted = [test for test in tests if "::" in test] or self._runner.existing(tests)
        with self._copy.planted([fault]):
            return self._runner.first_failure(wanted) if wanted else Outcome((), 0.0)

    def _before_everything(self, faults: Sequence[Fault]) -> None:
        """The faults that their own tests let through, planted together before all wider tests.

        A test that stays green with all of them stays green with each; of one that fails each is asked alone.
        """
        wider = self._runner.existing([path for fault in faults for path in fault.wider])
        try:
            with self._copy.planted(faults):
                failed = self._runner.all_failures(wider, at_once=True).failed
        except (CannotPlantError, TestsCannotRunError) as error:
            for fault in faults:
                self._note(fault, Verdict.ERROR, why=f"with the others: {error}")
            return
        for fault in faults:
            if not (failed and self._is_decided_by(fault, failed)):
                self._note(fault, Verdict.NOT_CAUGHT)

    def _control(self) -> None:
        """The tests that caught something must be green without any fault."""
        rows = self.findings.values()
        caught = [row for row in rows if row.verdict is Verdict.CAUGHT and not row.is_controlled]
        tests = list(dict.fromkeys(row.test for row in caught))
        try:
            failed = self._runner.all_failures(tests).failed if tests else ()
        except TestsCannotRunError as error:
            for row in caught:
                self._take(replace(row, verdict=Verdict.ERROR, why=f"without the fault: {error}"))
            return
        for row in caught:
            if row.test in failed:
                self._take(replace(row, verdict=Verdict.ERROR, why=f"{row.test} fails without the fault too"))
            else:
                self.findings[row.id] = replace(row, is_controlled=True)

    def _note(
        self, fault: Fault, verdict: Verdict, test: str = "", seconds: float = 0.0, why: str = ""
    ) -> None:
        self._take(Finding(fault.id, fault.area, verdict, fault.harm, test, round(seconds, 1), why))

    def _take(self, finding: Finding) -> None:
        self.findings[finding.id] = finding
        self._tell(finding)
