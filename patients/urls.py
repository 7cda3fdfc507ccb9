from django.urls import path

from patients.views import (
    classification,
    drafts,
    drugs,
    facts,
    history,
    laboratory,
    page,
    people,
    statements,
    visits,
)

app_name = "patients"
urlpatterns = [
    path("", people.patient_list, name="list"),
    path("new/", people.register, name="register"),
    path("drafts/", drafts.own, name="drafts"),
    path("drafts/<uuid:key>/", drafts.keep, name="keep_draft"),
    path("drafts/<uuid:key>/discard/", drafts.discard, name="discard_draft"),
    path("<int:patient_id>/", page.page, name="page"),
    path("<int:patient_id>/person/", people.change, name="change"),
    path("<int:patient_id>/history/", history.history, name="history"),
    path("<int:patient_id>/viewers/", history.viewers, name="viewers"),
    path("<int:patient_id>/panels/visits/", page.visits, name="visits"),
    path("<int:patient_id>/panels/laboratory/", page.laboratory, name="laboratory"),
    path("<int:patient_id>/panels/drugs/", page.drugs, name="drugs"),
    path("<int:patient_id>/panels/statements/", page.statements, name="statements"),
    path("<int:patient_id>/visits/new/", visits.new, name="new_visit"),
    path("<int:patient_id>/visits/<int:visit_id>/", visits.edit, name="visit"),
    path("<int:patient_id>/visits/<int:visit_id>/amend/", visits.amend, name="amend_visit"),
    path("<int:patient_id>/laboratory/new/", laboratory.new, name="new_laboratory"),
    path("<int:patient_id>/drugs/new/", drugs.new_episode, name="new_episode"),
    path("<int:patient_id>/drugs/<int:episode_id>/", drugs.change_episode, name="change_episode"),
    path("<int:patient_id>/drugs/given/new/", drugs.new_administration, name="new_administration"),
    path("<int:patient_id>/drugs/before/new/", drugs.new_prior_use, name="new_prior_use"),
    path("<int:patient_id>/drugs/complete/", drugs.confirm_history, name="confirm_history"),
    path("<int:patient_id>/statements/new/", statements.new_statement, name="new_statement"),
    path("<int:patient_id>/classification/new/", statements.new_classification, name="new_classification"),
    path(
        "<int:patient_id>/classification/<str:system>/new/",
        classification.new_items,
        name="new_classification_items",
    ),
    path("<int:patient_id>/facts/<str:kind>/<int:fact_id>/", facts.fact, name="fact"),
    path("<int:patient_id>/facts/<str:kind>/<int:fact_id>/void/", facts.void_fact, name="void_fact"),
]
