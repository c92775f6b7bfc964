"""What goes wrong is said in sentences, every reason of it."""

from tocsin.domain.errors import Refused, TocsinError, Unreachable


def test_a_refusal_lists_every_reason_in_order() -> None:
    refused = Refused(reason for reason in ("First this.", "Then that."))
    assert refused.reasons == ("First this.", "Then that.") and str(refused) == "First this. Then that."


def test_a_system_that_gave_no_answer_is_named_with_what_it_did_instead() -> None:
    gone = Unreachable("code review", "no answer in 5 s")
    assert (gone.system, gone.why, str(gone)) == ("code review", "no answer in 5 s", "code review: no answer in 5 s")
    assert isinstance(gone, TocsinError)
