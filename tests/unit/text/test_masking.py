from importer.text.masking import masked, masked_json, masked_literals


def test_a_text_keeps_its_first_letter_and_its_length():
    """Enough to recognise one's own data, too little to learn somebody else's."""
    assert (masked("Иванов"), masked("")) == ("И••••• (6)", "")


def test_literals_in_addresses_and_sentences():
    """Quoted texts, keys and e-mail addresses are masked, names of properties are not."""
    text = "Users(a5e16802-23d9-48be-99bb-02d9e34c7409)?$filter=name eq 'O''Brien' or mail: a.b@example.ru"

    assert masked_literals(text) == "Users(a5e1…)?$filter=name eq 'O••••• (8)' or mail: a••••• (14)"


def test_json_keeps_its_shape():
    """Names stay, values go, long lists are cut."""
    found = masked_json({"name": "Анна", "age": 40, "ok": True, "none": None, "list": ["ab"] * 50})

    assert found["list"] == ["a••••• (2)"] * 20
    assert {name: found[name] for name in ("name", "age", "ok", "none")} == {
        "name": "А••••• (4)",
        "age": 0,
        "ok": True,
        "none": None,
    }
