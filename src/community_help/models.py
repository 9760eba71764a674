"""An index of every model of the app; only Django imports it."""

from __future__ import annotations

from community_help.jobs.bundled import DogWalkJob, ErrandJob, LiftJob, PrescriptionJob, ShoppingJob, VisitJob
from community_help.jobs.call import Call
from community_help.jobs.call_back import CallBack
from community_help.jobs.decision import Decision
from community_help.jobs.job import Job, JobSlot
from community_help.jobs.offer import Ask, Offer, Report
from community_help.jobs.question import Answer, Question
from community_help.jobs.task_type import TaskType
from community_help.jobs.task_type_change import TaskTypeChange
from community_help.jobs.waiver import Waiver
from community_help.lifecycle.event import Event, Undoable
from community_help.notifications.heartbeat import Heartbeat
from community_help.notifications.notification import Delivery, Notification
from community_help.people.availability import Away, FreeHours
from community_help.people.community import Area, Community, Skill
from community_help.people.person import Person, PersonContact
from community_help.people.places import Postcode
from community_help.people.profiles import Buddy, Helper, NeverPair, Requester
from community_help.people.roles import RoleGrant
from community_help.privacy.access_log import AccessLog
from community_help.safeguarding.background_checks import Check, CheckLevel

__all__ = [
    "AccessLog",
    "Answer",
    "Area",
    "Ask",
    "Away",
    "Buddy",
    "Call",
    "CallBack",
    "Check",
    "CheckLevel",
    "Community",
    "Decision",
    "Delivery",
    "DogWalkJob",
    "ErrandJob",
    "Event",
    "FreeHours",
    "Heartbeat",
    "Helper",
    "Job",
    "JobSlot",
    "LiftJob",
    "NeverPair",
    "Notification",
    "Offer",
    "Person",
    "PersonContact",
    "Postcode",
    "PrescriptionJob",
    "Question",
    "Report",
    "Requester",
    "RoleGrant",
    "ShoppingJob",
    "Skill",
    "TaskType",
    "TaskTypeChange",
    "Undoable",
    "VisitJob",
    "Waiver",
]
