"""The glossary names models that exist, and every post."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from accounts import posts

GLOSSARY = (Path(__file__).parents[2] / "docs/glossary.md").read_text(encoding="utf-8")
MODELS = re.findall(r"`([a-z]+\.[A-Z]\w+)`", GLOSSARY)


def test_glossary_names_models():
    assert len(MODELS) > 20


@pytest.mark.parametrize("name", MODELS)
def test_model_in_the_glossary_exists(name):
    assert apps.get_model(name)


@pytest.mark.parametrize("post", [post.code for post in posts.POSTS])
def test_post_is_in_the_glossary(post):
    assert f"`{post}`" in GLOSSARY
