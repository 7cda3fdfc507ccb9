from django.urls import path

from dosing.levels import views

urlpatterns = [
    path("levels/", views.sheet, name="levels"),
    path("levels/rows/", views.row, name="level_row"),
    path("levels/moment/", views.moment, name="level_moment"),
    path("levels/patients/", views.choices, name="level_choices"),
    path("patients/<int:patient_id>/levels/<int:level_id>/undo/", views.undo, name="undo_level"),
    path("patients/<int:patient_id>/levels/target/", views.target, name="target"),
    path("patients/<int:patient_id>/panels/levels/", views.panel, name="levels_panel"),
]
