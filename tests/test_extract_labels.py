"""Which words are labels, in whatever language and however they are set."""

from __future__ import annotations

import pytest

from feedservice.extract.page.labels import is_label_word

LABELS = (
    "Source", "Sources", "Quelle", "Fuente", "Fonte", "Author", "Authors", "Written by", "Autor", "Auteur",
    "Autore", "Editor", "Last updated on", "Updated", "Modified", "Zuletzt aktualisiert am", "Aktualisiert",
    "Stand", "Mis à jour le", "Actualizado el", "Atualizado em", "Aggiornato il", "Published", "Posted on",
    "Created at", "Date", "Veröffentlicht am", "Erstellt", "Datum", "Publié le", "Publicado em",
    "Pubblicato il", "Fecha", "Data", "来源", "來源", "来　源", "作 者", "责任编辑", "責任編輯", "发布时间",
    "發佈時間", "成文日期", "发布机构", "索引号", "字号", "浏览次数",
)  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_a_label_is_known_by_itself_in_brackets_and_in_capitals(label: str) -> None:
    assert is_label_word(label)
    assert is_label_word(f"{label}：")
    assert is_label_word(f"【{label}】")
    assert is_label_word(label.upper())


@pytest.mark.parametrize("text", ["", "北京", "Resources", "Candidate", "来源地", "示例日报", "The source of it"])
def test_other_words_are_none(text: str) -> None:
    assert not is_label_word(text)
