// The stage of labelling: it holds the next pictures, so that a key is answered at once, and sends each answer with the
// picture that it is about. The server draws the stage once; later pictures come with what is known (known.js).
const stage = () => element.querySelector('.lapel-stage');
const pictures = () => stage()?.querySelector('.pictures');
const current = () => pictures()?.querySelector('figure');
const known = () => document.querySelector('#label-known .lapel-known');
const answered = new Set(); // items of which the server may not know yet
const stack = []; // pictures that were answered, the last at the end
let sent = 0;
let attribute = null;

const held = (item) => [...pictures().children].find((figure) => figure.dataset.item === item);

function settle() {
  const waits = sent > Number(known()?.dataset.number ?? 0);
  stage().querySelector('.none').textContent = current() ? '' : waits ? stage().dataset.coming : stage().dataset.all;
}

function tell(text) {
  const why = current()?.querySelector('figcaption').textContent ?? '';
  stage().querySelector('[aria-live]').textContent = `${text} ${why}`;
}

function send(act, figure, more = {}) {
  sent += 1;
  const { item = '', why = '' } = figure?.dataset ?? {};
  trigger('input', { act, item, why, number: sent, ...more });
}

function answer(value) {
  const figure = current();
  const button = [...stage().querySelectorAll('[data-value]')].find((other) => other.dataset.value === value);
  if (!figure || !button) return;
  figure.remove();
  answered.add(figure.dataset.item);
  stack.push(figure);
  button.classList.add('pressed');
  setTimeout(() => button.classList.remove('pressed'), 160);
  send('value', figure, { value });
  tell(stage().dataset.said.replace('%', button.querySelector('span').textContent));
  settle();
}

function skip() {
  const figure = current();
  if (!figure) return;
  figure.remove();
  if (figure.dataset.correcting === undefined) {
    answered.add(figure.dataset.item);
    stack.push(figure);
    send('skip', figure);
  }
  tell(stage().dataset.skipped);
  settle();
}

function undo() {
  const figure = stack.pop();
  send('undo', figure);
  if (figure) {
    answered.delete(figure.dataset.item);
    pictures().prepend(figure);
  }
  tell(stage().dataset.undone);
  settle();
}

function leave() {
  document.querySelector('#label-head [data-act=leave]')?.click();
}

const acts = { skip, undo };

element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.value !== undefined) answer(button.dataset.value);
  else acts[button.dataset.do]?.();
  if (event.detail) button.blur(); // a later space skips, and does not press it again
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  const field = event.target.querySelector('input');
  if (field.value.trim()) send('add', null, { value: field.value });
  field.value = '';
  field.blur();
});

function pressed(event) {
  if (!element.isConnected) return document.removeEventListener('keydown', pressed);
  if (!stage() || !element.checkVisibility() || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const field = event.target.closest?.('input, textarea, select, dialog');
  if (field) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const key = event.key.toLowerCase();
  if (key === ' ' && event.target.closest?.('button, a, summary')) return;
  const button = [...stage().querySelectorAll('[data-key]')].find((other) => other.dataset.key && other.dataset.key === key);
  if (button) answer(button.dataset.value);
  else if (key === ' ') skip();
  else if (key === 'u') undo();
  else if (key === 'escape') leave();
  else return;
  event.preventDefault();
}
document.addEventListener('keydown', pressed);

function take() {
  if (!element.isConnected) return document.removeEventListener('lapel:known', take);
  if (!stage() || !known()) return;
  for (const figure of known().querySelector('.coming').children) {
    const { item, again } = figure.dataset;
    if (again !== undefined) answered.delete(item);
    if (held(item) || answered.has(item)) continue;
    if (again !== undefined) pictures().prepend(figure.cloneNode(true));
    else pictures().append(figure.cloneNode(true));
  }
  settle();
}
document.addEventListener('lapel:known', take);

function correct({ detail }) {
  if (!element.isConnected) return document.removeEventListener('lapel:correct', correct);
  if (!stage() || !pictures()) return;
  held(detail.correct)?.remove();
  const figure = document.createElement('figure');
  Object.assign(figure.dataset, { item: detail.correct, why: detail.why, correcting: '' });
  const image = Object.assign(document.createElement('img'), { src: detail.large, alt: '', width: 640, height: 800 });
  const caption = document.createElement('figcaption');
  caption.textContent = stage().dataset.labelled.replace('%', detail.value);
  figure.append(image, caption);
  pictures().prepend(figure);
  tell('');
  settle();
  element.scrollIntoView({ behavior: 'smooth', block: 'nearest' });
}
document.addEventListener('lapel:correct', correct);

function drawn() {
  if (!stage()) return;
  if (stage().dataset.attribute !== attribute) {
    attribute = stage().dataset.attribute;
    answered.clear();
    stack.length = 0;
    sent = 0;
  }
  for (const item of answered) held(item)?.remove();
  settle();
}
watch('value', drawn);
drawn();
