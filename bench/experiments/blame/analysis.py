"""What the trials say of each question: the session replayed, and its investigations summed up."""

from collections.abc import Sequence

from bench.campaign.frame import Frame
from bench.experiments.blame.finding import BlameFinding, BlameFindings
from bench.experiments.blame.investigation import Investigation
from bench.experiments.blame.session import Course, Session
from bench.experiments.blame.study import Study
from bench.experiments.blame.summing_up import of_failure, of_time
from bench.experiments.contract import Background
from bench.model import Trial


def analyse(frame: Frame, study: Study, trials: Sequence[Trial], background: Background) -> BlameFindings:  # noqa: ARG001 - the shape of every analysis
    """Conclude every question from the trials so far."""
    session = Session(frame, study, trials)
    return BlameFindings(questions=tuple(_finding(study, course) for course in session.courses))


def _finding(study: Study, course: Course) -> BlameFinding:
    about = {"what": course.target.words, "before": study.before, "after": study.after}
    if isinstance(course.inquiry, Investigation):
        return of_time(course.inquiry.conclusion(), study.chain, study.share, **about)
    return of_failure(course.inquiry.conclusion(), study.chain, study.share, **about)
