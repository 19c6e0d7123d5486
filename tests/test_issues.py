"""Issues say the same in both languages, and issues.csv holds neither more nor less than what is raised."""

import re
from pathlib import Path

import pytest

from pipeline.issues import issue, texts

ROOT = Path(__file__).resolve().parent.parent
FIELD = re.compile(r"{(\w+)}")
# what is quoted from a document, or is the catalogue's own name in that language
NAMES = {"label_zh": "label", "label_en": "label"}


def _fields(text: str) -> set[str]:
    return {NAMES.get(name, name) for name in FIELD.findall(text)}


@pytest.mark.parametrize("key", texts())
def test_an_issue_says_the_same_in_both_languages(key: str) -> None:
    zh, en = texts()[key]
    assert _fields(zh) == _fields(en)
    assert not re.search("[\u4e00-\u9fff]", en)


def test_every_text_is_raised_and_every_issue_has_a_text() -> None:
    raised = set()
    for path in ROOT.glob("pipeline/**/*.py"):
        code = path.read_text("utf-8")
        raised |= set(re.findall(r'issue(?:_of)?\(\s*f?"([\w.{}]+)"', code))
    patterns = [re.sub(r"{\w+}", r"\\w+", name.replace(".", r"\.")) for name in raised]
    assert {key for key in texts() if not any(re.fullmatch(one, key) for one in patterns)} == set()
    assert {name for name in raised if "{" not in name} <= set(texts())


def test_an_issue_has_its_fields_put_in_and_its_code_without_the_variant() -> None:
    found = issue("label_lost.after", "0 0 0", "b1r2c3", label="其他")
    assert found.code == "label_lost"
    assert "“其他”" in found.message and "“其他”" in found.message_en
    assert (found.raw_text, found.locator) == ("0 0 0", "b1r2c3")
