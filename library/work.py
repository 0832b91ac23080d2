"""The kinds of jobs: import, embed, evaluate, teach, poc, export, weights."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog import Wish, export_hub, export_zip, look
from common.files import write_in_one_step
from common.jobs import Kind, Task
from eval import save_report
from library import measuring, poc, teaching
from library.entries import Entry
from library.errors import LibraryError
from library.importing import add_look, import_look
from library.lessons import keep_lessons, lesson_files
from library.opened import Opened
from retrieval import RetrievalError

if TYPE_CHECKING:
    from library.library import Library


class Work:
    """What jobs do with a library."""

    def __init__(self, library: "Library") -> None:
        self.library = library

    def kinds(self) -> list[Kind]:
        return [
            Kind("import", self.import_, resumes=True),
            Kind("embed", self.embed, resumes=True),
            Kind("evaluate", self.evaluate, resumes=True, quick=True),
            Kind("teach", self.teach),
            Kind("poc", self.poc, resumes=True),
            Kind("export", self.export, resumes=True, keeps=3),
            Kind("weights", self.weights),
        ]

    def import_(self, task: Task) -> dict[str, Any]:
        """arguments: source, wish, name; look: a `Looking` that may still be there; upload; catalog: id of the new one; into:
        whether it is added to a catalog that is there.

        What came of it is written down before its source is let go, so that a kill between the two leaves nothing undone."""
        library, asked, done = self.library, task.arguments, task.files / "imported.json"
        if not done.is_file():
            write_in_one_step(done, json.dumps(self._imported(task)))
        result = dict(json.loads(done.read_text("utf-8")))
        library.brought(asked.get("look", ""), asked.get("upload", ""))
        library.refresh(task.job.catalog)
        if asked.get("into") and result.get("taught"):
            library.reopen(task.job.catalog)
        library.submit("embed", {}, task.job.catalog, task.job.owner)
        return result

    def _imported(self, task: Task) -> dict[str, Any]:
        library, asked, home = self.library, task.arguments, self.library.settings.home
        wish = Wish.from_dict(asked["wish"])
        found, unpacked = library.looks.found(asked.get("look", "")), None
        if found is None or found.wish != wish:
            found = look(asked["source"], home, wish, lambda done, total: task.progress(done, total, "look"))
            unpacked = found.unpacked

        def progress(done: int, total: int) -> None:
            task.progress(done, total, "copy")

        if asked.get("into"):
            entry = library.entries.get(task.job.catalog)
            added, replaced = add_look(library.entries, found, entry, f"added-{task.job.id}", progress)
            result: dict[str, Any] = {"added": added, "replaced": replaced}
            said = f"{added:,} items added, {replaced:,} replaced"
            taught = keep_lessons(found.catalog, library.catalog(entry), home, self._digest())
        else:
            entry = Entry(
                task.job.catalog,
                asked["name"],
                time.time(),
                owner=task.job.owner,
                source=asked.get("title", ""),
                wish=found.settled.to_dict(),
            )
            import_look(library.entries, found, entry, home, progress)
            taught = keep_lessons(found.catalog, library.catalog(entry), home)
            result = {"items": found.items}
            said = f"{found.items:,} items"
        if taught:
            result["taught"] = taught
            said += f"; taught attributes: {', '.join(taught)}"
        if unpacked is not None:
            shutil.rmtree(unpacked, ignore_errors=True)
        task.say(f"{entry.name}: {said}")
        return {"catalog": entry.id, **result}

    def _digest(self) -> str:
        """Of the embeddings in use; '' while the weights are not loaded."""
        try:
            return self.library.weights.embedder.digest
        except RetrievalError:
            return ""

    def embed(self, task: Task) -> dict[str, Any]:
        """Embed what of a catalog is not embedded yet; it can be searched meanwhile."""
        with self.library.use(task.job.catalog) as opened:
            task.progress(0, len(opened.catalog), "embed")
            opened.wait()
            engine = opened.engine
            engine.embed(lambda done, total: task.progress(done, total, "embed"), _stop(task))
            return {"items": len(opened.catalog), "unreadable": len(engine.unreadable)}

    def evaluate(self, task: Task) -> dict[str, Any]:
        """arguments: split, '' for all labelled items; attributes, none for all; share of the labelled items that are asked;
        weights, none for those in use. Gives the names of two reports, each with its detail beside it."""

        with self._measured(task, task.arguments.get("weights")) as opened:
            given = self.library.ledger(task.job.catalog).given
            asked = task.arguments
            report, baseline = measuring.measure(
                opened,
                given,
                asked.get("split", ""),
                asked.get("attributes"),
                float(asked.get("share", 0.2)),
                lambda done, total: task.progress(done, total, "rank"),
                _stop(task),
                lambda done, total: task.progress(done, total, "embed"),
            )
            folder = self.library.reports(task.job.catalog)
            stem = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
            save_report(report, folder / f"{stem}.json")
            save_report(baseline, folder / f"{stem}-global.json")
            figures = measuring.headline(report, baseline)
            return {"report": f"{stem}.json", "baseline": f"{stem}-global.json", "figures": figures}

    @contextmanager
    def _measured(self, task: Task, weights: str | None) -> Iterator[Opened]:
        """A catalog as it is searched, or opened beside that with other weights; LibraryError where it cannot be."""
        library, id = self.library, task.job.catalog
        with library.use(id) as opened:
            while not opened.wait(0.25):
                task.progress(0, 0, "open")
            if weights is None or weights == library.weights.source:
                yield opened
                return
            other = Opened(id, opened.catalog, library.weights.beside(weights), library.settings, opened.thumbnails)
            other.open()
            try:
                if other.stage.name == "failed":
                    raise LibraryError(other.stage.error)
                yield other
            finally:
                other.close()

    def teach(self, task: Task) -> dict[str, Any]:
        """arguments: attribute. Teaches it from the labels and verdicts of the catalog."""
        catalog = task.job.catalog
        with self.library.use(catalog) as opened:
            opened.wait()
            ledger = self.library.ledger(catalog)
            result = teaching.teach(
                opened, ledger, task.arguments["attribute"], lambda done, total: task.progress(done, total, "embed")
            )
        self.library.reopen(catalog)
        return result

    def poc(self, task: Task) -> dict[str, Any]:
        """arguments: split, '' for all labelled items. Measures a PoC sheet and gives the name of its file; `library.poc.last_sheet`
        reads it."""
        id, split = task.job.catalog, str(task.arguments.get("split", ""))
        sheet = poc.measure_sheet(self.library, id, split, lambda step, done, total: task.progress(done, total, step))
        task.say(", ".join(f"{step} {seconds:.1f} s" for step, seconds in sheet.seconds.items()))
        return {"sheet": poc.keep_sheet(self.library.entries.folder / id, sheet).name}

    def export(self, task: Task) -> dict[str, Any]:
        """arguments: form, 'zip' or 'hub'. Gives the name of a file in the job's folder."""
        entry = self.library.entries.get(task.job.catalog)
        catalog = replace(self.library.ledger(entry.id).catalog, name=entry.name)

        def progress(done: int, total: int) -> None:
            task.progress(done, total, "export")

        if task.arguments.get("form") == "hub":
            return {"file": export_hub(catalog, task.files / "dataset.zip", progress).name}
        taught = lesson_files(catalog, self.library.settings.home)
        path = export_zip(catalog, task.files / "catalog.zip", progress, taught)
        return {"file": path.name, "taught": len(taught)}

    def weights(self, task: Task) -> dict[str, Any]:
        """arguments: source, '' for the embedded ones. Searches go on with the old ones until these are loaded."""
        source = str(task.arguments.get("source", ""))
        task.progress(0, 0, "weights")
        embedder = self.library.use_weights(source)
        return {"source": source, "digest": embedder.weights_digest}


def _stop(task: Task) -> Callable[[], bool]:
    """Raises Cancelled where the task is not wanted any more."""

    def stop() -> bool:
        task.check()
        return False

    return stop


def result_file(files: Path, result: dict[str, Any]) -> Path | None:
    """The file that a job made, in its folder; None where it made none."""
    name = result.get("file")
    path = (files / str(name)).resolve() if name else None
    return path if path is not None and path.is_relative_to(files.resolve()) and path.is_file() else None
