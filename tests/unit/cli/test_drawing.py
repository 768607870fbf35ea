"""Progress: drawn by whoever is at work, taken away by whoever speaks; an interrupt never draws into a drawing."""

import io
import os
import signal
import threading

from rich.console import Console

from importer.cli.commands.apply import _listening
from importer.cli.drawing import Drawn
from importer.cli.options import Globals


def _drawn() -> tuple[Drawn, io.StringIO]:
    stream = io.StringIO()
    return Drawn(colour=False, console=Console(file=stream, force_terminal=True, width=80)), stream


def test_cleared_is_silent_until_the_next_phase() -> None:
    """After `clear` nothing is drawn, however much is done; the cursor is back; twice is once."""
    drawn, stream = _drawn()
    drawn.phase("reading rows", 10)
    drawn.advance(3)
    drawn.clear()
    drawn.clear()
    written = stream.getvalue()
    drawn.advance(5)

    assert stream.getvalue() == written
    assert written.count("\033[?25l") == written.count("\033[?25h") == 1


def test_a_phase_after_a_clear_draws_again() -> None:
    """Progress goes on after something was said in between."""
    drawn, stream = _drawn()
    drawn.phase("reading rows", 10)
    drawn.clear()
    drawn.phase("comparing")
    drawn.advance()
    drawn.clear()

    assert stream.getvalue().count("\033[?25h") == 2


def test_many_may_advance_while_one_clears() -> None:
    """Lanes that advance, and somebody who speaks meanwhile, do not break each other."""
    drawn, _ = _drawn()
    faults: list[BaseException] = []

    def advance() -> None:
        try:
            for _ in range(300):
                drawn.advance()
        except BaseException as error:  # noqa: BLE001 - whatever broke a lane
            faults.append(error)

    lanes = [threading.Thread(target=advance) for _ in range(4)]
    drawn.phase("wave", 1_200)
    for lane in lanes:
        lane.start()
    for _ in range(20):
        drawn.clear()
        drawn.phase("wave", 1_200)
    for lane in lanes:
        lane.join()
    drawn.clear()

    assert faults == []


def test_an_interrupt_speaks_from_a_thread_of_its_own() -> None:
    """Ctrl-C may come in the middle of a drawing: the handler only takes note, and somebody else speaks."""
    settings, spoken, speakers = Globals(), threading.Event(), []

    def clear() -> None:
        speakers.append(threading.current_thread())
        spoken.set()

    settings.clear = clear
    with _listening(settings) as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(10)
        assert spoken.wait(10)

    assert threading.main_thread() not in speakers
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
