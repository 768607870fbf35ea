"""An editor without a screen: it opens a recipe with the language server that editors use, and asks what people would see."""

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.servers.starting import EDITOR

_PATIENCE = 60.0  # seconds for one answer, on a machine with other things to do
# Nothing is looked for in the network: the schema is the one that the recipe's first line names.
_SETTINGS = {
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}},
    "http": {},
    "[yaml]": {"editor.tabSize": 2},
}
_ABILITIES = {
    "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}},
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {"relatedInformation": True},
    },
}


class Editor:
    """One window. `open` shows a text, `|` in it is where the cursor stands."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        """Say hello to the server."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._in, self._folder = process.stdin, folder
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=_read, args=(process.stdout, self._messages), daemon=True).start()
        self._number = self._opened = 0
        self._underlined: dict[str, list[dict[str, Any]]] = {}
        self._ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities=_ABILITIES)
        self._tell("initialized")
        self._tell("workspace/didChangeConfiguration", settings=_SETTINGS)

    def offered(self, text: str) -> dict[str, str]:
        """Return what completion offers at the `|` of the text: label → what is told of it."""
        uri, position = self._open(text)
        found = self._ask("textDocument/completion", textDocument={"uri": uri}, position=position)
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"]: _text(item.get("documentation")) for item in items}

    def hovering(self, text: str) -> str:
        """Return what stands in the box over the `|` of the text."""
        uri, position = self._open(text)
        found = self._ask("textDocument/hover", textDocument={"uri": uri}, position=position)
        return _text(found["contents"]) if found else ""

    def underlined(self, text: str) -> list[tuple[int, str, str]]:
        """Return (line from 1, the words underlined, what is said of them) of a text."""
        uri, _ = self._open(text, cursor=False)
        while uri not in self._underlined:
            self._next()
        lines = text.splitlines()
        found = []
        for item in self._underlined[uri]:
            start, end = item["range"]["start"], item["range"]["end"]
            line = lines[start["line"]]
            until = end["character"] if end["line"] == start["line"] else len(line)
            found.append((start["line"] + 1, line[start["character"] : until], item["message"]))
        return found

    def _open(self, text: str, *, cursor: bool = True) -> tuple[str, dict[str, int]]:
        before, _, after = text.partition("|") if cursor else (text, "", "")
        self._opened += 1
        uri = (self._folder / f"recipe-{self._opened}.yaml").as_uri()
        self._tell(
            "textDocument/didOpen",
            textDocument={"uri": uri, "languageId": "yaml", "version": 1, "text": before + after},
        )
        return uri, {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}

    def _ask(self, method: str, **params: object) -> Any:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while (answer := self._next()).get("id") != self._number or "method" in answer:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def _tell(self, method: str, **params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._in.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._in.flush()

    def _next(self) -> dict[str, Any]:
        """Return the next message; what the server asks is answered, what it underlines is kept."""
        message = self._messages.get(timeout=_PATIENCE)
        if message is None:
            raise EOFError("the language server has ended")
        if message.get("method") == "textDocument/publishDiagnostics":
            self._underlined[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            asked = message["params"].get("items") if message["method"] == "workspace/configuration" else None
            result = None if asked is None else [_SETTINGS.get(item.get("section"), {}) for item in asked]
            self._send({"id": message["id"], "result": result})
        return message


@contextmanager
def editor(folder: Path) -> Iterator[Editor]:
    """Run the language server for the recipes of a folder."""
    command = [
        "node",
        str(EDITOR / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"),
        "--stdio",
    ]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield Editor(process, folder)
        finally:
            process.kill()


def _read(stream: IO[bytes], messages: "queue.Queue[dict[str, Any] | None]") -> None:
    """Put each message of the server into the queue, and None at the end."""
    while line := stream.readline():
        length = 0
        while line.strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            line = stream.readline()
        messages.put(json.loads(stream.read(length)))
    messages.put(None)


def _text(found: object) -> str:
    if isinstance(found, dict):
        return str(found.get("value", ""))
    return str(found or "")
