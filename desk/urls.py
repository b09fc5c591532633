from django.urls import path

from desk.views import household, intake, search, today

app_name = "desk"
urlpatterns = [
    path("", today.home, name="home"),
    path("today/", today.today, name="today"),
    path("intake/", intake.intake, name="intake"),
    path("intake/draft/", intake.intake_draft, name="intake_draft"),
    path("intake/lookup/", intake.intake_lookup, name="lookup"),
    path("intake/phrases/", intake.intake_phrases, name="intake_phrases"),
    path("intake/moment/", intake.intake_moment, name="intake_moment"),
    path("intake/card/", intake.intake_card, name="intake_card"),
    path("intake/answers/", intake.intake_answers, name="intake_answers"),
    path("today/contacts/<int:pk>/dismiss/", intake.contact_dismiss, name="contact_dismiss"),
    path("search/", search.search, name="search"),
    path("unit/<int:pk>/", household.household, name="household"),
]
