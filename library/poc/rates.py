"""Which rates of the running cost were measured, where and when, and how they are carried over to the stated size."""

from library.poc.at_size import is_measured, search_seconds, searches_a_second
from library.poc.cost import GPU_OVER, bytes_an_item, memory_bytes
from library.poc.parts import number
from library.poc.sheet import Scaled
from library.poc.told import Told


def rates(told: Told) -> str:
    """Sentences, each with where its figures come from."""
    run, made = told.sheet.running, told.sheet.made[:10]
    here = told.say(
        "running_here",
        machine=run.machine,
        cores=run.cores,
        device=run.device,
        date=run.measured,
        images=number(run.images_per_second),
        search=number(1000 * run.search_seconds),
        items=number(run.items),
        made=made,
        upload=number(run.upload_seconds),
        bytes=number(bytes_an_item(run) / 1000),
    )
    lines = [here + told.flag("measured")]
    if run.scaled is not None:
        lines += [_sizes(told, run.scaled), _parts(told, run.scaled)]
    lines.append(told.say("running_assumed", gpu=number(GPU_OVER)) + told.flag("assumed"))
    return "".join(
        f"<p class='lapel-poc-note'>{line}</p>" if place else f"<p>{line}</p>" for place, line in enumerate(lines)
    )


def _sizes(told: Told, scaled: Scaled) -> str:
    items = told.stated.items
    timed = told.say("comma").join(
        told.say(f"by_{one.way}", items=number(one.items), search=number(1000 * one.seconds)) for one in scaled.sizes
    )
    measured = told.say(
        "running_sizes",
        catalog=scaled.catalog,
        date=scaled.measured,
        sizes=timed,
        clients=scaled.clients,
        together=number(scaled.together),
        last=number(scaled.sizes[-1].items),
    )
    indexed = any(one.way == "index" for one in scaled.sizes)
    carried = told.say(
        "running_carried" if indexed else "running_scanned",
        scanned=number(scaled.exact_below),
        items=number(items),
        search=number(1000 * search_seconds(scaled, items)),
        how=told.say("carried_between" if is_measured(scaled, items) else "carried_beyond"),
        together=number(searches_a_second(scaled, items)),
    )
    return f"{measured}{told.flag('measured')} {carried}{told.flag('derived')}"


def _parts(told: Told, scaled: Scaled) -> str:
    run, items, each = told.sheet.running, told.stated.items, scaled.attributes / 1000
    measured = told.say(
        "running_parts",
        attributes=scaled.attributes,
        raw=number(scaled.raw * each + scaled.shared / 1000),
        derived=number(scaled.derived * each),
        sketch=number(scaled.sketch * each),
        index=number(scaled.index * each),
    )
    needed = told.say(
        "running_memory",
        items=number(items),
        memory=number(memory_bytes(run, items) / 1e9),
        disk=number(bytes_an_item(run, items) * items / 1e9),
        scanned=number(scaled.exact_below),
    )
    return f"{measured}{told.flag('measured')} {needed}{told.flag('derived')}"
