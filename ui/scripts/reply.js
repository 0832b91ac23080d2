// What answers a tap comes into view, with the focus on its heading. Where it is in view already nothing moves, and neither
// does it once the visitor has gone on to something else.
const PATIENCE = 2000; // milliseconds within which what answers is there
const SETTLED = 700; // after these, what has loaded above it has pushed it away
let last = '';
let turn = 0;

for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
  document.addEventListener(kind, () => { turn += 1; }, { passive: true, capture: true });
}
const isThere = (part) => part.checkVisibility() && part.getBoundingClientRect().height > 0;
const headingOf = (part) => part.querySelector('h2, h3, h4') ?? part;

function inView(part) {
  const { top } = headingOf(part).getBoundingClientRect();
  return (top >= 0 && top < innerHeight * 0.7) || getComputedStyle(part).position === 'fixed';
}

function focus(heading) {
  if (!heading.matches('a, button, input, select, textarea, [tabindex]')) heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function bring(part, still, mine, again = false) {
  if (mine !== turn || !part.isConnected) return;
  const away = !inView(part);
  if (away) {
    const calm = again || matchMedia('(prefers-reduced-motion: reduce)').matches;
    part.style.scrollMarginTop = '12px';
    part.scrollIntoView({ behavior: calm ? 'instant' : 'smooth', block: 'start' });
  }
  const held = document.activeElement; // what was pressed may be no longer there
  const lost = held === document.body || !held.checkVisibility();
  if (!still && (lost || (away && !again))) focus(headingOf(part));
  if (!again) setTimeout(() => bring(part, still, mine, true), SETTLED);
}

function answer() {
  const { to, number, still } = element.querySelector('[data-to]')?.dataset ?? {};
  if (!to || number === last) return;
  last = number;
  const mine = turn;
  const until = performance.now() + PATIENCE;
  const look = () => {
    const part = [...document.querySelectorAll(to)].find(isThere);
    if (part) bring(part, still !== undefined, mine);
    else if (mine === turn && performance.now() < until) setTimeout(look, 50);
  };
  setTimeout(look, 50); // the other parts of the answer are drawn by then
}
watch('value', answer);
answer();
