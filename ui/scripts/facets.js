// Facets: values are found by their names, long lists are opened, and technical columns are shown on demand.
const KEPT = 'lapel-technical';
const whole = new Set(); // lists that are shown whole
let wanted = '';
const fold = (text) => text.normalize('NFKC').toLocaleLowerCase();

function find() {
  const section = element.querySelector('.lapel-facets');
  if (!section) return;
  const parts = fold(wanted).split(/\s+/).filter(Boolean);
  const matches = (text) => parts.every((part) => text.includes(part));
  let found = 0;
  section.classList.toggle('finding', parts.length > 0);
  for (const facet of section.querySelectorAll('.lapel-facet')) {
    const name = fold(facet.querySelector(':scope > summary').textContent);
    let any = false;
    for (const row of facet.querySelectorAll('li:not(.group)')) {
      const { column, value = '' } = row.querySelector('button').dataset;
      const group = row.closest('li.group')?.querySelector(':scope > button').textContent ?? '';
      const hit = matches(fold(`${name} ${column} ${group} ${row.textContent} ${value}`));
      row.classList.toggle('missed', parts.length > 0 && !hit);
      any ||= hit;
      found += hit;
    }
    for (const group of facet.querySelectorAll('li.group')) {
      const inside = [...group.querySelectorAll('li')].some((row) => !row.classList.contains('missed'));
      group.classList.toggle('missed', parts.length > 0 && !inside);
      if (parts.length && inside) group.querySelector('details').open = true;
    }
    facet.classList.toggle('missed', parts.length > 0 && !any);
    if (parts.length && any) facet.open = true;
  }
  const said = section.querySelector('.found');
  said.textContent = !parts.length ? '' : found ? said.dataset.said.replace('{count}', found) : said.dataset.none;
}

function show(button) {
  const open = whole.has(button.dataset.all);
  button.setAttribute('aria-expanded', open);
  button.textContent = open ? button.dataset.few : button.dataset.more;
  button.closest('.lapel-facet').classList.toggle('whole', open);
}

function technical(on) {
  const button = element.querySelector('[data-technical]');
  if (!button) return;
  button.setAttribute('aria-checked', on);
  element.querySelector('.technical').hidden = !on;
}

// What was pressed keeps the focus, wherever it stands now.
let held = '';
element.addEventListener('click', (event) => { held = event.target.closest('button[data-key]')?.dataset.key ?? ''; });
function hold() {
  const there = held && element.querySelector(`[data-key="${CSS.escape(held)}"]`);
  const on = document.activeElement;
  held = '';
  if (!there || (on !== document.body && !element.contains(on))) return;
  there.focus({ preventScroll: true });
  const list = there.closest('.lapel-facet > ul');
  if (!list) return;
  const [own, shown] = [there.getBoundingClientRect(), list.getBoundingClientRect()];
  if (own.top < shown.top || own.bottom > shown.bottom) list.scrollTop += own.top - shown.top;
}

// On a telephone what was found matters first: the whole is shut until it is opened.
let begun = false;
function begin() {
  const all = element.querySelector('.lapel-facets > details');
  if (begun || !all) return;
  begun = true;
  if (matchMedia('(max-width: 860px)').matches) all.open = false;
}

function drawn() {
  begin();
  for (const facet of element.querySelectorAll('.lapel-facet')) facet.classList.remove('whole');
  for (const button of element.querySelectorAll('[data-all]')) show(button);
  let on = false;
  try { on = localStorage.getItem(KEPT) === 'on'; } catch { /* not remembered */ }
  if (on) technical(true);
  const field = element.querySelector('[data-find]');
  if (field && field !== document.activeElement) field.value = wanted;
  find();
  hold();
}

element.addEventListener('input', (event) => {
  if (!event.target.matches('[data-find]')) return;
  wanted = event.target.value;
  find();
});
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-all], button[data-technical]');
  if (!button) return;
  if (button.dataset.all) {
    whole[whole.has(button.dataset.all) ? 'delete' : 'add'](button.dataset.all);
    return show(button);
  }
  const on = button.getAttribute('aria-checked') !== 'true';
  try { localStorage.setItem(KEPT, on ? 'on' : 'off'); } catch { /* it holds until the page is left */ }
  technical(on);
});
watch('value', drawn);
drawn();
