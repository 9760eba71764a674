"""An index of every route of the package; each names the rule that guards it."""

from __future__ import annotations

from community_help.access.routes import guarded
from community_help.dashboard.kind_urls import urlpatterns as kinds
from community_help.dashboard.urls import urlpatterns as dashboard
from community_help.pages import home, see_health
from community_help.portal.urls import urlpatterns as portal

app_name = "community_help"

urlpatterns = [
    guarded("", home, action="home", name="home"),
    guarded("health/", see_health, action="see_health", name="see_health", anonymous=True),
    *dashboard,
    *kinds,
    *portal,
]
