// Which results are selected is known here alone, by catalog, and goes with what is done with them.
const chosen = new Map(); // catalog → ids
let anchor = null; // the tick that was set last
let ranging = false;

const list = () => document.querySelector('#results');
const catalog = () => list()?.querySelector('[data-catalog]')?.dataset.catalog ?? '';
const own = () => chosen.get(catalog()) ?? chosen.set(catalog(), new Set()).get(catalog());
const ticks = () => [...(list()?.querySelectorAll('input[data-tick]') ?? [])];

function count() {
  const bar = list()?.querySelector('.lapel-selection');
  const all = ticks();
  const shown = all.filter((box) => box.checked).length;
  const every = list()?.querySelector('input[data-tick-all]');
  if (every) Object.assign(every, { checked: shown > 0 && shown === all.length, indeterminate: shown > 0 && shown < all.length });
  list()?.classList.toggle('lapel-choosing', own().size > 0);
  if (!bar) return;
  bar.hidden = !own().size;
  const said = bar.querySelector('.count');
  const away = own().size - shown;
  said.textContent = (away ? said.dataset.away : said.dataset.said).replace('{count}', own().size).replace('{away}', away);
}

function sync() {
  for (const box of ticks()) box.checked = own().has(box.dataset.tick);
  anchor = null;
  count();
}

function set(box, on) {
  box.checked = on;
  own()[on ? 'add' : 'delete'](box.dataset.tick);
}

document.addEventListener('click', (event) => { ranging = event.shiftKey; }, true);
document.addEventListener('change', ({ target }) => {
  if (!list()?.contains(target)) return;
  if (target.matches('input[data-tick-all]')) {
    for (const box of ticks()) set(box, target.checked);
    return count();
  }
  if (!target.matches('input[data-tick]')) return;
  const all = ticks().filter((box) => box === target || box.checkVisibility());
  const [from, to] = [all.indexOf(anchor), all.indexOf(target)].sort((one, other) => one - other);
  for (const box of ranging && from >= 0 ? all.slice(from, to + 1) : [target]) set(box, target.checked);
  anchor = target;
  count();
});

function naming(open) {
  const bar = list().querySelector('.lapel-selection');
  bar.querySelector('.saving').hidden = !open;
  bar.querySelector('[data-selection="name"]').setAttribute('aria-expanded', open);
  if (open) bar.querySelector('[data-set-name]').focus();
}

function save() {
  const field = list().querySelector('[data-set-name]');
  if (!field.value.trim()) return field.focus();
  trigger('input', { act: 'save', items: [...own()], name: field.value });
  field.value = '';
  naming(false);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-selection]');
  if (!button) return;
  const name = button.dataset.selection;
  if (name === 'name') return naming(button.getAttribute('aria-expanded') !== 'true');
  if (name === 'save') return save();
  if (name === 'clear') {
    own().clear();
    return sync();
  }
  trigger('input', { act: name, items: [...own()] });
});
document.addEventListener('keydown', (event) => {
  if (!event.target.matches?.('[data-set-name]')) return;
  if (event.key === 'Enter') save();
  if (event.key === 'Escape') {
    naming(false);
    list().querySelector('[data-selection="name"]').focus();
  }
});
document.addEventListener('lapel:results', sync);
sync();

// Saved sets, listed here, and the line that says what became of one
document.addEventListener('click', (event) => {
  const button = event.target.closest(':is(#selection, #selection-line) button[data-set]');
  if (!button) return;
  if (button.dataset.does !== 'open') return trigger('input', { act: button.dataset.does, set: button.dataset.set });
  document.dispatchEvent(new Event('lapel:follow'));
  const values = JSON.parse(button.dataset.values);
  document.dispatchEvent(new CustomEvent('lapel:act', { detail: { act: 'filters', column: 'id', values } }));
});
