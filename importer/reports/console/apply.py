"""`apply` at the terminal."""

from importer.reports.console.layout import Page, service_text
from importer.reports.wording import number, typed
from importer.results.apply import Applied
from importer.results.plan import Planned
from importer.text.translating import translate


def render(result: Applied, page: Page) -> None:
    """Write what was done, and what was not."""
    outcome = result.outcome
    page.fact(translate("Service"), service_text(result.service))
    if outcome.nothing_left:
        page.line(translate("Nothing left to do: this plan is done."))
    page.problems(result.problems)
    text = translate(
        "Done in {seconds} s: {created} created, {updated} updated, {failed} failed, {blocked} blocked, "
        "{unknown} unknown"
    )
    page.line(
        text.format(
            seconds=f"{result.seconds:.1f}",
            created=number(outcome.created),
            updated=number(outcome.updated),
            failed=number(outcome.failed),
            blocked=number(outcome.blocked),
            unknown=number(outcome.unknown),
        )
    )
    if outcome.before and not outcome.nothing_left:
        page.line(translate("{count} of them were done before.").format(count=number(outcome.before)))
    if outcome.pending:
        page.line(
            translate("{count} actions are still pending: run `importer apply {plan}` again.").format(
                count=number(outcome.pending), plan=typed(result.plan)
            )
        )
    if result.left_out:
        page.line(translate("{count} blocked rows were left out.").format(count=number(result.left_out)))
    requests = outcome.requests
    page.line(
        translate("Requests: {read} reads, {write} writes, {retry} repeated").format(
            read=requests.read, write=requests.write, retry=requests.retry
        )
    )
    page.fact(translate("Plan"), str(result.plan))
    for path in result.reports.values():
        page.fact(translate("Report"), str(path))


def intention(summary: Planned, page: Page, *, user: str | None = None, tenant: str | None = None) -> None:
    """Write what will be done, where, and as whom as far as that is known, before the question."""
    words = [f"{summary.service.name} · {summary.service.url}"]
    if tenant:
        words.append(translate("tenant {tenant}").format(tenant=tenant))
    if user:
        words.append(translate("as {user}").format(user=user))
    page.fact(translate("To"), "   ".join(words))
    text = translate("create {create} · update {update} · call {call} · delete {delete}        nothing else")
    counts = summary.remaining
    page.fact(
        translate("Will"),
        text.format(
            create=number(counts.create), update=number(counts.update), call=counts.call, delete=counts.delete
        ),
    )
