from django.urls import path

from accounts.views import audit, clinics, home, people, settings, signing_in

app_name = "accounts"
urlpatterns = [
    path("login/", signing_in.SignIn.as_view(), name="login"),
    path("logout/", signing_in.SignOut.as_view(), name="logout"),
    path("password/", signing_in.ChangePassword.as_view(), name="password"),
    path("keep-alive/", signing_in.keep_alive, name="keep_alive"),
    path("resume/", signing_in.resume, name="resume"),
    path("administration/", home.administration, name="administration"),
    path("administration/people/", people.people, name="people"),
    path("administration/people/new/", people.new_person, name="new_person"),
    path("administration/people/<int:user_id>/", people.person, name="person"),
    path("administration/people/<int:user_id>/deactivate/", people.deactivate, name="deactivate"),
    path("administration/people/<int:user_id>/reactivate/", people.reactivate, name="reactivate"),
    path("administration/people/<int:user_id>/password/", people.reset_password, name="reset_password"),
    path("administration/people/<int:user_id>/unlock/", people.unlock, name="unlock"),
    path("administration/clinics/", clinics.clinics, name="clinics"),
    path("administration/clinics/new/", clinics.new_clinic, name="new_clinic"),
    path("administration/clinics/<int:clinic_id>/", clinics.clinic, name="clinic"),
    path("administration/settings/", settings.all_settings, name="all_settings"),
    path("administration/settings/waiting/", settings.waiting, name="waiting_settings"),
    path("administration/settings/<int:clinic_id>/", settings.settings, name="settings"),
    path("administration/settings/<int:clinic_id>/propose/", settings.propose, name="propose_settings"),
    path("administration/settings/<int:clinic_id>/compare/", settings.compare, name="compare_settings"),
    path("administration/settings/<int:clinic_id>/<int:number>/", settings.version, name="settings_version"),
    path(
        "administration/settings/<int:clinic_id>/<int:number>/approve/",
        settings.approve,
        name="approve_settings",
    ),
    path(
        "administration/settings/<int:clinic_id>/<int:number>/reject/",
        settings.reject,
        name="reject_settings",
    ),
    path("administration/audit/sign-ins/", audit.sign_ins, name="audit_sign_ins"),
    path("administration/audit/sign-ins/export/", audit.export_sign_ins, name="export_sign_ins"),
    path("administration/audit/accounts/", audit.accounts, name="audit_accounts"),
    path("administration/audit/accounts/export/", audit.export_accounts, name="export_accounts"),
]
