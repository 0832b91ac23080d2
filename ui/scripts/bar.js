// The query bar: words, chips that can be dragged onto pictures, and the address that holds the query.
const NAMES = ['term', 'picture', 'shown', 'item', 'attribute', 'k', 'least', 'beta', 'gamma', 'filter', 'hit', 'split'];
const bar = () => element.querySelector('.lapel-query-bar');

element.addEventListener('submit', (event) => {
  const form = event.target.closest('.lapel-words');
  if (!form) return;
  event.preventDefault();
  const text = form.elements.words.value.trim();
  if (text) trigger('input', { act: 'words', text });
});
element.addEventListener('input', (event) => {
  const dial = event.target.closest('input[data-act=weigh]');
  if (dial) dial.parentElement.querySelector('output').value = dial.value;
});
element.addEventListener('click', (event) => {
  const copy = event.target.closest('.copy');
  if (copy) {
    navigator.clipboard?.writeText(location.href);
    copy.dataset.copied = copy.dataset.said;
    setTimeout(() => delete copy.dataset.copied, 1600);
  }
});
// One panel at a time; Escape and a click elsewhere shut it.
const panels = () => element.querySelectorAll('details[open]');
element.addEventListener('toggle', (event) => {
  if (!event.target.open) return;
  for (const other of panels()) if (other !== event.target) other.open = false;
}, true);
document.addEventListener('click', (event) => {
  for (const panel of panels()) if (!panel.contains(event.target)) panel.open = false;
});
element.addEventListener('keydown', (event) => {
  const panel = event.key === 'Escape' && event.target.closest('details[open]');
  if (!panel) return;
  panel.open = false;
  panel.querySelector('summary').focus();
});

// A chip that is dropped on a picture of a result, of the strip or of the box is asked by that one.
let dragged = null;
const idOf = (target) => target.closest?.('[data-item]')?.dataset.item ?? target.closest?.('.pick[data-pick]')?.dataset.pick;
const place = (target) => target.closest?.('[data-item], .pick[data-pick], .lapel-picture, [data-act=value]');
element.addEventListener('dragstart', (event) => {
  const chip = event.target.closest?.('.lapel-chip');
  if (!chip) return;
  dragged = chip.dataset;
  event.dataTransfer.effectAllowed = 'link';
  event.dataTransfer.setData('text/plain', chip.textContent.trim());
  document.body.dataset.dragging = '';
});
const dropped = () => {
  dragged = null;
  delete document.body.dataset.dragging;
  for (const one of document.querySelectorAll('.lapel-target')) one.classList.remove('lapel-target');
};
element.addEventListener('dragend', dropped);
document.addEventListener('dragover', (event) => {
  if (!dragged) return;
  const target = place(event.target);
  for (const one of document.querySelectorAll('.lapel-target')) if (one !== target) one.classList.remove('lapel-target');
  if (!target) return;
  event.preventDefault();
  target.classList.add('lapel-target');
});
document.addEventListener('drop', (event) => {
  const target = dragged && place(event.target);
  if (!target) return;
  event.preventDefault();
  const { term, attribute } = dragged;
  dropped();
  if (target.matches('.lapel-picture')) return trigger('input', { act: 'source', term, box: true });
  if (target.matches('[data-act=value]')) {
    if (target.dataset.attribute === attribute) trigger('input', { act: 'source', term, value: target.dataset.value });
    return undefined;
  }
  return trigger('input', { act: 'source', term, item: idOf(target) });
});

// The address: each query that is asked is one step of the browser's history.
const own = () => new URLSearchParams(bar()?.dataset.address ?? '');
const pairsOf = (params) => JSON.stringify([...params].filter(([name]) => NAMES.includes(name)));
let drawn = false;
watch('value', () => {
  if (!bar()) return;
  const address = new URL(location.href);
  const before = pairsOf(address.searchParams);
  for (const name of NAMES) address.searchParams.delete(name);
  for (const [name, text] of own()) address.searchParams.append(name, text);
  const { catalog } = bar().dataset;
  const moved = address.searchParams.get('catalog') !== catalog;
  address.searchParams.set('catalog', catalog);
  if (before === pairsOf(address.searchParams) && !moved) return;
  document.dispatchEvent(new CustomEvent('lapel:query', { detail: { address, push: drawn } }));
  drawn = true;
});
addEventListener('popstate', () => {
  if (!bar()) return;
  const { searchParams } = new URL(location.href);
  if (pairsOf(searchParams) === '[]') return; // a place in another tab, which asks nothing
  if (searchParams.get('catalog') !== bar().dataset.catalog) location.reload();
  else if (pairsOf(searchParams) !== pairsOf(own())) {
    trigger('input', { act: 'query', address: searchParams.toString() });
  }
});
