// One hit in large, with arrows through all of them, and the menu of a hit. Both are made of parts that the server draws;
// they lie outside of the list, so that a list drawn anew leaves them as they are.
const dialog = document.createElement('dialog');
dialog.className = 'lapel-large';
dialog.setAttribute('aria-labelledby', 'lapel-large-title');
const menu = document.createElement('div');
menu.className = 'lapel-menu';
menu.setAttribute('role', 'menu');
menu.setAttribute('popover', 'auto');
element.parentElement.append(dialog, menu);

let here = ''; // the item in large
let of = null; // the button whose menu is open
let shut = { button: null, at: 0 }; // which menu was shut last, and when

const cards = () => [...element.querySelectorAll('.lapel-card')].sort((one, other) => one.dataset.rank - other.dataset.rank);
const cardOf = (item) => element.querySelector(`.lapel-card[data-item="${CSS.escape(item)}"]`);
const inside = (card, selector) => card.querySelector(`:scope > ${selector}`);
const large = (address) => address.replace(/-256\.webp(?=$|\?)/, '-640.webp');

function act(button, item) {
  const { act: name, attribute } = button.dataset;
  document.dispatchEvent(new Event('lapel:follow'));
  trigger('input', attribute ? { act: name, attribute, item } : { act: name, item });
}

function why(item) {
  const card = cardOf(item);
  inside(card, '.hit').click();
  setTimeout(() => document.querySelector('#explanation')?.scrollIntoView({ behavior: 'smooth', block: 'start' }), 60);
}

// The large view

function fill(card) {
  const parts = element.querySelector('.lapel-large-parts');
  const all = cards();
  const place = all.indexOf(card);
  const image = card.querySelector('.hit img');
  const { item, title } = card.dataset;
  here = item;
  const at = (selector) => dialog.querySelector(selector);
  at('.place').textContent = parts.dataset.place.replace('{rank}', Number(card.dataset.rank) + 1);
  at('h3').textContent = title || item;
  at('.id').textContent = item;
  at('.id').hidden = !title;
  Object.assign(at('.view img'), { src: large(image.src), alt: image.alt });
  at('.facts').replaceChildren(...[...card.querySelector('.hit .facts').childNodes].map((node) => node.cloneNode(true)));
  const badge = card.querySelector('.hit .lapel-judged');
  if (badge) at('.facts').prepend(badge.cloneNode(true));
  const labels = JSON.parse(card.dataset.labels);
  at('.labels').replaceChildren(...(labels.length ? labels : [at('.labels').dataset.none]).map((text) => {
    const line = document.createElement('li');
    line.textContent = text;
    return line;
  }));
  at('[data-tick-large]').checked = inside(card, '.lapel-tick').querySelector('input').checked;
  const [before, after] = dialog.querySelectorAll('[data-step]');
  const held = document.activeElement;
  before.disabled = place === 0;
  after.disabled = place === all.length - 1;
  if (held === before && before.disabled) after.focus();
  if (held === after && after.disabled) before.focus();
  for (const next of [all[place + 1], all[place - 1]]) {
    if (next) new Image().src = large(next.querySelector('.hit img').src);
  }
}

function show(rank) {
  const card = element.querySelector(`.lapel-card[data-rank="${rank}"]`);
  if (!card) return;
  if (!dialog.open) {
    const parts = element.querySelector('.lapel-large-parts');
    dialog.replaceChildren(...[...parts.children].map((node) => node.cloneNode(true)));
  }
  fill(card);
  if (dialog.open) return;
  dialog.showModal();
  (dialog.querySelector('[data-step="1"]:enabled') ?? dialog.querySelector('[data-shut]')).focus();
}

function step(by) {
  const all = cards();
  const next = all[all.findIndex((card) => card.dataset.item === here) + by];
  if (next) fill(next);
}

dialog.addEventListener('close', () => {
  const card = cardOf(here);
  if (!card) return;
  const folded = card.closest('.lapel-twins:not([open])');
  const to = folded ? folded.querySelector('summary') : card.querySelector('[data-large]');
  to.focus({ preventScroll: true });
  (folded ?? inside(card, '.hit')).scrollIntoView({ block: 'nearest' });
});
dialog.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (event.target === dialog || button?.matches('[data-shut]')) return dialog.close();
  if (button?.dataset.step) return step(Number(button.dataset.step));
  if (!button?.matches('[data-act], [data-why]')) return;
  dialog.close();
  if (button.matches('[data-why]')) why(here);
  else act(button, here);
});
dialog.addEventListener('change', (event) => {
  if (!event.target.matches('[data-tick-large]')) return;
  const box = inside(cardOf(here), '.lapel-tick').querySelector('input');
  box.checked = event.target.checked;
  box.dispatchEvent(new Event('change', { bubbles: true }));
});
dialog.addEventListener('keydown', (event) => {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  step(by);
});
let touched = null;
dialog.addEventListener('touchstart', ({ touches }) => {
  touched = touches.length === 1 ? { x: touches[0].clientX, y: touches[0].clientY } : null;
}, { passive: true });
dialog.addEventListener('touchend', ({ changedTouches: [end] }) => {
  const across = touched ? end.clientX - touched.x : 0;
  if (Math.abs(across) > 45 && Math.abs(across) > 1.5 * Math.abs(end.clientY - touched.y)) step(across < 0 ? 1 : -1);
  touched = null;
}, { passive: true });

// The menu of a hit

function place(button) {
  const from = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = innerHeight - from.bottom > height + 8 || from.top < height + 8;
  const top = below ? Math.min(from.bottom + 4, innerHeight - height - 4) : from.top - height - 4;
  Object.assign(menu.style, {
    left: `${Math.max(4, Math.min(from.right - width, innerWidth - width - 4))}px`, top: `${Math.max(4, top)}px`,
  });
}

function openMenu(button) {
  if (shut.button === button && performance.now() - shut.at < 300) return; // the same press has shut it
  const parts = element.querySelector('.lapel-menu-parts');
  menu.setAttribute('aria-label', parts.dataset.label);
  menu.replaceChildren(...[...parts.children].map((node) => node.cloneNode(true)));
  menu.showPopover();
  of = button;
  button.setAttribute('aria-expanded', 'true');
  place(button);
  menu.querySelector('button').focus();
}
menu.addEventListener('toggle', (event) => {
  if (event.newState !== 'closed' || !of) return;
  of.removeAttribute('aria-expanded');
  shut = { button: of, at: performance.now() };
  if (document.activeElement === document.body || menu.contains(document.activeElement)) of.focus({ preventScroll: true });
});
menu.addEventListener('keydown', (event) => {
  const items = [...menu.querySelectorAll('button')];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === 'Tab') menu.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length).focus();
});
menu.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button || !of) return;
  const card = of.closest('.lapel-card');
  menu.hidePopover();
  if (!card) return;
  if (button.matches('[data-open-large]')) show(card.dataset.rank);
  else if (button.matches('[data-why]')) why(card.dataset.item);
  else act(button, card.dataset.item);
});
addEventListener('scroll', () => {
  if (!of || !menu.matches(':popover-open')) return;
  const { top, bottom } = of.getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) menu.hidePopover();
  else place(of);
}, { passive: true });

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-large], button[data-menu]');
  if (!button) return;
  if (button.dataset.large !== undefined) show(button.dataset.large);
  else openMenu(button);
});
// The hit in large may be no longer there.
watch('value', () => { if (dialog.open && !cardOf(here)) dialog.close(); });
