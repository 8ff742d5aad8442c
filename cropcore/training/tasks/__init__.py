"""Training tasks: one module for each method or kind of labels, behind one protocol."""

from cropcore.training.head_recipes import MarsRecipe, SetpredRecipe, SfrcRecipe
from cropcore.training.recipe import Recipe
from cropcore.training.tasks.base import Seen, Step, Task
from cropcore.training.tasks.choices import ChoiceTask
from cropcore.training.tasks.gaze import GazeTask
from cropcore.training.tasks.mars import MarsTask
from cropcore.training.tasks.setpred import SetpredTask
from cropcore.training.tasks.sfrc import ConsistencyTask, SfrcTask
from cropcore.training.tasks.teacher import Teacher

__all__ = ["Seen", "Step", "Task", "Teacher", "tasks_of"]


def tasks_of(recipe: Recipe, teacher: Teacher | None = None) -> list[Task]:
    """The tasks of a recipe, the leading one first.

    Raises:
        ValueError: the recipe wants a teacher and there is none.
    """
    if recipe.wants_teacher and teacher is None:
        raise ValueError("This recipe learns from a trained gaic head.")
    if isinstance(recipe, MarsRecipe):
        tasks: list[Task] = [MarsTask(recipe, teacher)]
        if recipe.unlabelled and teacher is not None:
            tasks.append(MarsTask(recipe, teacher, labelled=False))
        return tasks
    if isinstance(recipe, SfrcRecipe):
        tasks = [SfrcTask(recipe)]
        if recipe.unlabelled:
            tasks.append(ConsistencyTask(recipe))
        return tasks
    if isinstance(recipe, SetpredRecipe):
        return [SetpredTask(recipe, teacher)]
    tasks = []
    if {"gaic", "asm"} & set(recipe.heads):
        tasks.append(ChoiceTask(recipe))
    if "saliency" in recipe.heads:
        tasks.append(GazeTask(recipe))
    return tasks
