"""The pages of the demo: the site's start, and what lies under demo/."""

from __future__ import annotations

from django.urls import path

from example_project.demo import views

app_name = "demo"

urlpatterns = [
    path("", views.start, name="start"),
    path("demo/sign-in/", views.sign_in, name="sign_in"),
    path("demo/mail/", views.mailbox, name="mailbox"),
    path("demo/mail/<int:pk>/", views.mail, name="mail"),
    path("demo/mail/<int:pk>/html/", views.mail_html, name="mail_html"),
]
