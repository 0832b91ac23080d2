// New results come into view when the visitor asked for them elsewhere on the page; where that would
// tear a slider or a choice away from under a finger, a pill says that they are there.
const ASKS = '#query-image, #picker, #search-hit, #bar';
const TUNES = '#rows, #advanced'; // several are often set one after the other
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

watch('value', () => {
  const head = element.querySelector('[data-search]');
  if (!head || head.dataset.search === seen) return;
  const first = seen === null;
  seen = head.dataset.search;
  const pictures = [...element.querySelectorAll('.hit img')].map((image) => image.getAttribute('src')).join();
  const same = pictures === shown;
  shown = pictures;
  if (first || (same && !follow) || !outOfView(head)) return;
  if (follow) go();
  else if (outOfView(head, SEEN)) {
    pill.textContent = head.dataset.pill;
    pill.hidden = false;
  }
  follow = false;
});
