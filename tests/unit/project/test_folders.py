import pytest

from importer.project import Folders, find_project


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    monkeypatch.delenv("IMPORTER_PROJECT", raising=False)


def test_the_nearest_parent_with_a_configuration(tmp_path, monkeypatch):
    """A command finds its project from any folder inside."""
    inner = tmp_path / "recipes" / "deep"
    inner.mkdir(parents=True)
    (tmp_path / "importer.yaml").write_text("importer: 1\n")

    assert find_project(inner).root.resolve() == tmp_path.resolve()
    monkeypatch.chdir(tmp_path)
    assert str(find_project(inner).root) == "."


def test_without_a_configuration_it_is_here(tmp_path):
    """No importer.yaml anywhere: the folder one stands in."""
    assert find_project(tmp_path).root == tmp_path


def test_a_folder_asked_for_wins(tmp_path, monkeypatch):
    """Option, then environment, then what is found."""
    monkeypatch.setenv("IMPORTER_PROJECT", str(tmp_path / "b"))

    assert find_project(tmp_path, tmp_path / "a").root == tmp_path / "a"
    assert find_project(tmp_path).root == tmp_path / "b"


def test_where_things_are_kept(tmp_path):
    """Plans and metadata lie in `.importer`, which nobody commits."""
    folders = Folders(tmp_path)

    assert folders.configuration == tmp_path / "importer.yaml"
    assert folders.plans == tmp_path / ".importer" / "plans"
    assert folders.metadata == tmp_path / ".importer" / "metadata"


def test_paths_outside_are_told(tmp_path):
    """Neither `..` nor a link leads out of the project unnoticed."""
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "secret.xlsx").write_text("x")
    (root / "link.xlsx").symlink_to(tmp_path / "secret.xlsx")
    folders = Folders(root)

    assert folders.holds(root / "in" / "a.xlsx")
    assert folders.holds(root / "in" / ".." / "a.xlsx")
    assert not folders.holds(root / ".." / "secret.xlsx")
    assert not folders.holds(root / "link.xlsx")
