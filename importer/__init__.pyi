from importer.jobs.face import apply_plan as apply_plan
from importer.jobs.face import check as check
from importer.jobs.face import make_plan as make_plan
from importer.jobs.face import show_plan as show_plan
from importer.plan.file import PlanReader as Plan
from importer.problems import ImporterError as ImporterError
from importer.problems import Problem as Problem
from importer.recipe import Recipe as Recipe
from importer.recipe import read_recipe as read_recipe
from importer.service import Service as Service

__version__: str
__all__ = [
    "ImporterError",
    "Plan",
    "Problem",
    "Recipe",
    "Service",
    "apply_plan",
    "check",
    "make_plan",
    "read_recipe",
    "show_plan",
]
