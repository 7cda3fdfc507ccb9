"""Faults in views, forms, lists, drafts and rights."""

from script.planted_faults.fault import Area, Fault

AREA = Area.VIEWS
DRAFTS = "tests/patients/test_drafts.py"

FAULTS = (
    Fault(
        "level-sheet-offers-strangers",
        AREA,
        ("choices",),
        "Patient.objects.visible_to(user).matching(text)",
        "Patient.objects.matching(text)",
        "A nurse finds the patients of another clinic by their names.",
        ("tests/dosing/levels/test_levels.py | tests/dosing/test_levels.py",),
    ),
    Fault(
        "draft-of-another-user",
        AREA,
        ("_open",),
        r"filter\(user=(?:request\.)?user, key=key",
        "filter(key=key",
        "Somebody reads what a colleague typed and did not save.",
        (DRAFTS,),
        is_pattern=True,
    ),
    Fault(
        "draft-after-saving",
        AREA,
        ("keep_draft", "store_draft"),
        "draft.finished_at is not None or ",
        "",
        "What was saved comes back as an unfinished draft and is entered twice.",
        (DRAFTS,),
    ),
    Fault(
        "nurse-marks-as-error",
        AREA,
        ("void_fact",),
        "Right.VOID_FACT",
        "Right.ENTER_LABORATORY",
        "A nurse marks facts as entered in error.",
        ("tests/test_access.py",),
    ),
    Fault(
        "nurse-signs-a-visit",
        AREA,
        ("_handle",),
        "require(request.user, Right.SIGN_VISIT)",
        "require(request.user, Right.ENTER_VISIT_OBSERVATIONS)",
        "A nurse signs a visit, and the rules count it.",
        ("tests/patients/test_forged_posts.py",),
    ),
    Fault(
        "view-of-another-user-counts",
        AREA,
        ("_belongs_to_a_logged_page",),
        r"filter\(user=request\.user, patient",
        "filter(patient",
        "Who reads a record within an hour of a colleague is not written down.",
        ("tests/patients/test_audit.py", "tests/patients/test_viewers.py", "tests/patients/test_services.py"),
        is_pattern=True,
    ),
    Fault(
        "limit-not-converted",
        AREA,
        ("_quantified",),
        "setattr(result, field, to_canonical(analyte.key, limit, unit_code))",
        "setattr(result, field, limit)",
        "A limit in another unit is stored as typed, and a normal result looks abnormal.",
        ("tests/patients/test_bad_input.py",),
    ),
    Fault(
        "previous-visit-unordered",
        AREA,
        ("_previous",),
        'earlier.order_by("-on").first()',
        "earlier.first()",
        "The form shows the first visit ever as the one before.",
        ("tests/patients/test_two_editors.py", "tests/test_review.py"),
    ),
    Fault(
        "worklist-least-severe-first",
        AREA,
        ("GRAVEST_FIRST",),
        '"-severity"',
        '"severity"',
        "What must be acted on now stands at the end of the list.",
        ("tests/dosing/alerts/test_worklist.py | tests/dosing/test_worklists.py",),
    ),
)
