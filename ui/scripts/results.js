// New results come into view when the visitor asked for them elsewhere on the page; where that would
// tear a slider or a choice away from under a finger, a pill says that they are there.
const ASKS = '#query-image, #picker, #search-hit, #bar';
const TUNES = '#rows, #advanced, #facets'; // several are often set one after the other
let follow = false;
let seen = null;
let shown = ''; // the pictures of the results that are there

document.addEventListener('lapel:follow', () => { follow = true; });
for (const kind of ['click', 'change']) {
  document.addEventListener(kind, (event) => {
    if (event.target.closest?.(ASKS)) follow = true;
    else if (event.target.closest?.(TUNES)) follow = false;
  }, true);
}

const pill = document.createElement('button');
pill.type = 'button';
pill.className = 'lapel-pill';
pill.hidden = true;
element.parentElement.append(pill);

const go = () => {
  pill.hidden = true;
  element.closest('#results').scrollIntoView({ behavior: 'smooth', block: 'start' });
};
const outOfView = (target, part = 0.7) => {
  const { top } = target.getBoundingClientRect();
  return top < 0 || top > innerHeight * part;
};
const SEEN = 0.9; // of the height: a heading above it needs no pill, which would cover it
pill.addEventListener('click', go);
document.addEventListener('scroll', () => {
  if (!pill.hidden && !outOfView(element, SEEN)) pill.hidden = true;
}, { passive: true });

// The size of the cards is the visitor's, and kept.
const KEPT = 'lapel-density';
const root = element.closest('#results') ?? element;
function size(name) {
  root.dataset.density = name;
  for (const button of element.querySelectorAll('button[data-density]')) {
    button.setAttribute('aria-pressed', button.dataset.density === name);
  }
}
function keptSize() {
  try { return localStorage.getItem(KEPT) || 'medium'; } catch { return root.dataset.density || 'medium'; }
}
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-density]');
  if (!button) return;
  try { localStorage.setItem(KEPT, button.dataset.density); } catch { /* it holds for this page */ }
  size(button.dataset.density);
});

// Once more results were asked for, the next ones come as the end of the list comes near.
let endless = false;
let most = 0; // results that were asked for
let coming = ''; // what was asked for and is not there yet
let next = -1; // the rank of the first hit that comes by a press, which gets the focus
const near = new IntersectionObserver((entries) => {
  const last = entries.at(-1);
  const { value } = last.target.dataset;
  if (!endless || !last.isIntersecting || !last.target.isConnected || coming === value) return;
  coming = value;
  trigger('input', { act: 'k', value });
}, { rootMargin: '0px 0px 500px' });
element.addEventListener('click', (event) => {
  if (!event.target.closest('button[data-act="k"]')) return;
  endless = true;
  next = element.querySelectorAll('.hit').length;
  coming = event.target.closest('button').dataset.value;
});
function end(head) {
  const k = Number(head.dataset.k);
  if (k < most) endless = false;
  most = k;
  coming = '';
  near.disconnect();
  const on = document.activeElement;
  if (next >= 0 && (on === document.body || element.contains(on))) {
    element.querySelector(`.hit[data-pick="${next}"]`)?.focus({ preventScroll: true });
  }
  next = -1;
  const button = element.querySelector('button[data-endless]');
  if (button) near.observe(button);
}

// Groups of twins that were opened stay open while their cards are there.
const opened = new Set();
element.addEventListener('toggle', ({ target }) => {
  if (!target.matches?.('.lapel-twins') || !target.isConnected) return;
  opened[target.open ? 'add' : 'delete'](target.dataset.twins);
}, true);

// What other parts of the page ask of a search goes the same way as what is asked here.
document.addEventListener('lapel:act', ({ detail }) => trigger('input', detail));

function drawn() {
  size(keptSize());
  for (const group of element.querySelectorAll('.lapel-twins')) group.open = opened.has(group.dataset.twins);
  document.dispatchEvent(new Event('lapel:results'));
  const head = element.querySelector('[data-search]');
  if (head) end(head);
  return head;
}
drawn();

watch('value', () => {
  const head = drawn();
  if (!head || head.dataset.search === seen) return;
  const first = seen === null;
  seen = head.dataset.search;
  const pictures = [...element.querySelectorAll('.hit img')].map((image) => image.getAttribute('src')).join();
  const longer = shown && pictures.startsWith(shown);
  shown = pictures;
  if (first || (longer && !follow) || !outOfView(head)) return;
  if (follow) go();
  else if (outOfView(head, SEEN)) {
    pill.textContent = head.dataset.pill;
    pill.hidden = false;
  }
  follow = false;
});
