"""HTML of the jobs: what goes on, what waits, what came of those that are over, and the log of one. Everything is escaped."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from common.jobs import Job
from library import Library, LibraryError, Visitor
from ui.catalogs.detail_cards import SHORT, button, quality_line
from ui.names import attribute_name, value_name, values_of
from ui.pace import duration
from ui.questions import pathless
from ui.refusals import told
from ui.words import word

TRACE = "Traceback (most recent call last):"


class JobCards:
    """Draws the jobs of a visitor."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._results: dict[str, Callable[[Job, Visitor, str], str]] = {
            "import": self._import,
            "embed": self._embed,
            "evaluate": self._evaluate,
            "teach": self._teach,
            "export": self._export,
            "weights": self._weights,
        }

    def all(self, jobs: Sequence[Job], visitor: Visitor, lang: str) -> str:
        """What goes on or waits, and the last one that is over; those before it to be unfolded."""
        over = [job for job in jobs if job.over]
        first = self._list([job for job in jobs if not job.over or job in over[:1]], visitor, lang)
        if len(over) < 2:
            return first
        said = escape(word("earlier_jobs", lang, count=len(over) - 1))
        return f"{first}<details data-key='before'><summary>{said}</summary>{self._list(over[1:], visitor, lang)}</details>"

    def _list(self, jobs: Sequence[Job], visitor: Visitor, lang: str) -> str:
        cards = "".join(self._card(job, visitor, lang) for job in jobs)
        return f'<ul class="lapel-jobs">{cards}</ul>' if jobs else ""

    def _card(self, job: Job, visitor: Visitor, lang: str) -> str:
        title = escape(self._title(job, lang))
        value = f' value="{job.done}" max="{job.total}"' if job.total else ""
        bar = f'<progress{value} aria-label="{title}"></progress>' if job.state == "running" else ""
        acts = button("log", lang, id=job.id)
        acts += button("forget" if job.over else "cancel", lang, id=job.id)
        result = self._result(job, visitor, lang) if job.state == "done" else ""
        return (
            f'<li class="{job.state}" data-job="{escape(job.id)}"><b>{title}</b> {bar}'
            f'<span class="left">{escape(self._state(job, lang))}</span>{result}'
            f'<span class="acts">{acts}</span></li>'
        )

    def _state(self, job: Job, lang: str) -> str:
        if job.state == "waiting":
            return self._waits(job, lang)
        if job.state == "running":
            counts = word("job_counts", lang, done=f"{job.done:,}", total=f"{job.total:,}") if job.total else ""
            left = word("left", lang, time=duration(job.left, lang)) if job.left is not None else ""
            return " · ".join(part for part in (counts, left) if part) or word("job_running", lang)
        return told(job.error, lang) if job.error else word(f"job_{job.state}", lang)

    def _waits(self, job: Job, lang: str) -> str:
        place, left = self.library.jobs.place(job.id), self.library.jobs.left(job.id)
        if not place:
            return word("job_next", lang)
        said = word("job_waiting", lang, place=place)
        return f"{said} · {word('job_turn', lang, time=duration(left, lang))}" if left else said

    def log(self, job: Job, lang: str) -> str:
        """The last lines of what a job has said."""
        text = self.library.jobs.log(job.id)
        text = plain_log(text) if self.library.settings.public else text
        title = escape(word("log_of", lang, job=self._title(job, lang)))
        return (
            f'<section class="lapel-log" aria-label="{title}"><header><b>{title}</b>{button("shut_log", lang)}</header>'
            f'<pre tabindex="0">{escape(text or word("no_log", lang))}</pre></section>'
        )

    def _title(self, job: Job, lang: str) -> str:
        name = self.library.name_of(job) or word("a_catalog", lang)
        if job.kind == "weights":
            name = str(job.arguments.get("source", "")) or word("embedded_weights", lang)
        return word(f"job_{job.kind}", lang, name=name)

    def _result(self, job: Job, visitor: Visitor, lang: str) -> str:
        draw = self._results.get(job.kind)
        try:
            drawn = draw(job, visitor, lang) if draw is not None else ""
        except (LibraryError, LookupError, ValueError):  # its catalog or its report has gone
            drawn = ""
        return f'<span class="result">{drawn}</span>' if drawn else ""

    def _import(self, job: Job, visitor: Visitor, lang: str) -> str:
        id = self.library.entry(job.catalog, visitor).id
        result = job.result
        key = "result_added" if "added" in result else "result_import"
        counts = {name: f"{result.get(name, 0):,}" for name in ("items", "added", "replaced")}
        said = [word(key, lang, **counts), *self._came_with(id, result.get("taught", []), visitor, lang)]
        return f"{escape(' · '.join(said))} {button('open', lang, id=id)}"

    def _came_with(self, id: str, names: Sequence[str], visitor: Visitor, lang: str) -> list[str]:
        """What is said of the taught attributes that an import has brought."""
        try:
            weights = self.library.weights.embedder.digest
        except ValueError:  # still being loaded
            weights = ""
        fit = [one.name for one in self.library.care.lessons(id, visitor) if one.weights == weights]
        comma = "、" if lang == "ja" else ", "
        told = []
        for key, some in (("result_taught", True), ("result_teach_again", False)):
            found = [attribute_name(name, lang) for name in names if (name in fit) == some]
            told += [word(key, lang, names=comma.join(found))] if found else []
        return told

    def _embed(self, job: Job, visitor: Visitor, lang: str) -> str:
        lost = job.result.get("unreadable", 0)
        said = word("result_embed", lang, items=f"{job.result.get('items', 0):,}")
        return escape(f"{said} {word('result_unreadable', lang, count=f'{lost:,}')}" if lost else said)

    def _evaluate(self, job: Job, visitor: Visitor, lang: str) -> str:
        self.library.entry(job.catalog, visitor)
        name = f"{job.catalog}/{job.result['report']}"
        return f"{escape(headline(job.result['figures'], lang))} {button('report', lang, name=name)}"

    def _teach(self, job: Job, visitor: Visitor, lang: str) -> str:
        result, attribute = job.result, str(job.result.get("attribute", ""))
        name = attribute_name(attribute, lang)
        among = values_of(self.library.ledger(job.catalog).catalog, attribute)
        said = quality_line(result.get("quality"), lang) if result.get("taught") else word("not_taught", lang)
        needs = [
            word(
                "needs_more",
                lang,
                count=more,
                value=value_name(str(value), lang, among) if value else word("another_value", lang),
            )
            for value, more in result.get("needs", [])[:4]
        ]
        return escape(" · ".join([f"{name}: {said}" if lang != "ja" else f"{name}：{said}", *needs]))

    def _export(self, job: Job, visitor: Visitor, lang: str) -> str:
        text, name = escape(word("download", lang)), escape(self.library.name_of(job) or "catalog")
        taught = job.result.get("taught", 0)
        more = f" {escape(word('with_taught', lang, count=f'{taught:,}'))}" if taught else ""
        return (
            f'<a href="v1/jobs/{escape(job.id)}/file" download="{name}.zip" data-key="file-{escape(job.id)}">{text}</a>'
            f"{more}"
        )

    def _weights(self, job: Job, visitor: Visitor, lang: str) -> str:
        return escape(word("result_weights", lang, digest=str(job.result.get("digest", ""))[:SHORT]))


def headline(figures: Mapping[str, float], lang: str) -> str:
    """What was measured in short: MAP with its interval, chance, and global similarity beside it."""
    parts = [
        f"MAP {figures['map']:.1f} % ({figures['low']:.0f}–{figures['high']:.0f})",
        f"{word('chance', lang)} {figures['chance']:.1f} %",
        f"{word('global_similarity', lang)} {figures['baseline']:.1f} %",
    ]
    return " · ".join(parts)


def plain_log(text: str) -> str:
    """A log for strangers: without what Python says of an error, and without the folders of this machine."""
    lines, within = [], False
    for line in text.splitlines():
        if line.endswith(TRACE):
            within = True
        elif within and line and not line.startswith(" "):
            within = False  # the last line of a traceback names the error
        elif not within:
            lines.append(pathless(line))
    return "\n".join(lines)
