"""The checkers read the examples of their lessons as the lessons do."""

import pytest

from trustkit.checkers import crisis_statement, green_claims, positive_language, privacy, promise_extractor, survey
from trustkit.checkers.wordlists import whole_sentences

FRIENDLY_MINUTE = (
    "Don't worry, Ms Kaur, we'll have you back online tonight. The technician rings you before he comes. I'm sending "
    "you the confirmation now, and of course you won't pay for these days. If anything else comes up, we're here for "
    "you."
)
DRAFT_B = (
    "The handle of kettles sold since March can come off. Two people have been burned. We changed the glue and did not "
    "test it in steam. That was our mistake, and we are sorry. Please stop using the kettle. We collect it and pay it "
    "back. Next news: Monday at ten."
)
WHOLE = {
    "en": f"{DRAFT_B} On 9 February one of our engineers warned of this. We did not act on it. How many kettles are "
    "affected is not known yet. Ms Brandt, who heads product safety, is finding out why, with an outside examiner.",
    "zh": "“余烬”水壶的把手会脱落，已有两人烫伤。三月我们换了胶水，没有在蒸汽里测试，这是我们的错，我们道歉。"
    "2月9日，一位工程师发过警告，我们没有处理。一共多少台，目前还不清楚。请停止使用，我们免费取回并退款。外部专家正在查明原因。"
    "下一次消息：周一上午十点。",
}


def kinds(module, text, language="en"):
    return [found["kind"] for found in module.check(text, language)]


def test_the_friendly_minute_holds_five_promises_and_a_half():
    assert [one[0] for one in promise_extractor.promises(FRIENDLY_MINUTE)] == [
        "silent", "impossible", "conditional", "keepable", "conditional", "silent",
    ]  # fmt: skip


def test_what_a_customer_says_is_nobodys_promise():
    said = "Customer: I will call you tomorrow.\nMs Kaur: I will wait.\nDev: I will call you at four."
    ((sort, start, end, gaps),) = promise_extractor.promises(said)
    assert (sort, said[start:end], gaps) == ("keepable", "Dev: I will call you at four.", ())


def test_a_condition_makes_a_result_conditional():
    assert kinds(promise_extractor, "If the part comes, it will be working by noon.")[0] == "conditional"


def test_the_found_promises_stand_in_a_ledger():
    blocks = promise_extractor.show([{"text": FRIENDLY_MINUTE}])
    (ledger,) = [block for block in blocks if block["block"] == "table"]
    assert len(ledger["rows"]) == 6


@pytest.mark.parametrize(("better", "risky"), [
    ("I look for the cause now. At twelve I ring you, with or without it.", "We will certainly solve it."),
    ("Please unplug it. The safety office answers you by tomorrow noon.", "Don't worry, it's perfectly safe."),
    ("The terms say fourteen days. I see that the mail did not show it clearly.", "You should have read the terms."),
])  # fmt: skip
def test_a_risky_sentence_is_found_and_its_honest_rewrite_is_not(better, risky):
    assert kinds(positive_language, risky) and not kinds(positive_language, better)


def test_draft_b_lacks_what_is_open_the_change_and_the_mail_of_february():
    assert kinds(crisis_statement, DRAFT_B) == ["no-open", "no-change", "no-mail"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_statement_with_every_part_gets_no_finding(language):
    assert kinds(crisis_statement, WHOLE[language]) == []


def test_a_statement_over_its_limit_is_noted():
    assert "long" in kinds(crisis_statement, WHOLE["en"] + " We say this to you all once more." * 20)


def test_a_place_kept_free_counts_as_a_figure():
    assert kinds(green_claims, "A sustainable box of paper.") == ["vague"]
    assert kinds(green_claims, "The sustainable box holds [figure from the packing team] of recycled paper.") == []


def test_answers_are_counted_step_by_step_and_need_a_way_out():
    assert kinds(survey, "How was it? wonderful / very good / good / not so good") == ["scale", "no-way-out"]
    assert kinds(survey, "How was it? very good / good / neither / bad / very bad / cannot say") == []
    assert kinds(survey, "How was it? good / bad") == ["no-way-out"]


def test_a_finding_in_the_third_line_points_into_the_third_line():
    text = "How long did you wait?\n\nWas the agent fast and polite?"
    (found,) = survey.check(text)
    assert text[found["start"] : found["end"]] == "fast and polite"


def test_cards_and_identity_numbers_are_told_by_their_check_digits():
    assert privacy.is_card("4111111111111111") and not privacy.is_card("4111111111111112")
    assert privacy.is_identity_number("99030320010630117X") and not privacy.is_identity_number("990303200106301171")
    assert not privacy.is_identity_number("990303200113301170")
    assert privacy.is_account("DE89 3704 0044 0532 0130 00") and not privacy.is_account("DE89 3704 0044 0532 0130 01")


def test_a_card_is_named_by_its_last_digits_only():
    (found,) = privacy.check("We charged 4111 1111 1111 1111.")
    assert "1111" in found["better"] and "4111" not in found["better"]


@pytest.mark.parametrize("text", ["Order 4111 1111 1111 1111 is on its way.", "订单号4111111111111111已发出。"])
def test_the_number_of_an_order_may_be_told(text):
    assert kinds(privacy, text) == []


def test_a_title_ends_no_sentence():
    text = "We wrote to Mr. Osei. He has it."
    assert [text[start:end] for start, end in whole_sentences(text)] == ["We wrote to Mr. Osei.", "He has it."]
