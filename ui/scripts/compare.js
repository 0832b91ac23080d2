// Two sides of one query: the same item is marked on both, and what is compared stands in the address, so that Back works.
const twins = (card) => [...element.querySelectorAll('.lapel-twin')].filter((one) => one.dataset.twin === card.dataset.twin);
const NAMES = ['left', 'right', 'example'];

function mark(event, on) {
  const card = event.target.closest?.('.lapel-twin');
  if (!card) return;
  for (const one of element.querySelectorAll('.lapel-twin.met')) one.classList.remove('met');
  if (on) for (const one of twins(card)) one.classList.add('met');
}
for (const [kind, on] of [['mouseover', true], ['mouseout', false], ['focusin', true], ['focusout', false]]) {
  element.addEventListener(kind, (event) => mark(event, on));
}
// What is pressed stays marked, and the same item on the other side comes into view.
element.addEventListener('click', (event) => {
  const card = event.target.closest('.lapel-twin');
  if (!card) return;
  const pressed = card.getAttribute('aria-pressed') !== 'true';
  for (const one of element.querySelectorAll('.lapel-twin')) one.setAttribute('aria-pressed', 'false');
  if (!pressed) return;
  for (const one of twins(card)) {
    one.setAttribute('aria-pressed', 'true');
    if (one !== card) one.scrollIntoView({ block: 'nearest' });
  }
});

const inAddress = () => {
  const { searchParams } = new URL(location.href);
  return searchParams.get('tab') === 'compare' ? NAMES.map((name) => searchParams.get(name) ?? '') : null;
};
function tell() {
  const shown = element.querySelector('.lapel-versus')?.dataset;
  const there = inAddress();
  if (!shown || !there) return;
  const now = NAMES.map((name) => shown[name] ?? '');
  if (now.every((text, at) => text === there[at])) return;
  const detail = Object.fromEntries(NAMES.map((name, at) => [name, now[at]]));
  history.replaceState({ ...history.state, lapel: 'compare' }, '');
  if (there.some((text) => text)) history.pushState({ lapel: 'compare' }, '', location.href);
  document.dispatchEvent(new CustomEvent('lapel:address', { detail }));
}
watch('value', tell);
addEventListener('popstate', () => {
  const there = inAddress();
  const shown = element.querySelector('.lapel-versus')?.dataset;
  if (!there || !shown || NAMES.every((name, at) => (shown[name] ?? '') === there[at])) return;
  trigger('input', { act: 'address', left: there[0], right: there[1], example: there[2] });
});
