// A table that is sorted by a press on a heading, and says above itself what the column under the pointer or the keys means.
const about = () => element.querySelector('.about');
const told = (target) => target.closest?.('button[data-about]');
function explain(text) {
  const line = about();
  if (line) line.textContent = text || line.dataset.hint;
}
element.addEventListener('pointerover', (event) => { if (told(event.target)) explain(told(event.target).dataset.about); });
element.addEventListener('focusin', (event) => { if (told(event.target)) explain(told(event.target).dataset.about); });
element.addEventListener('pointerout', (event) => { if (told(event.target)) explain(told(document.activeElement)?.dataset.about); });
element.addEventListener('focusout', () => explain(''));
let sorted = null; // column and order, which stay when the table is drawn anew
function sort(heading, order) {
  for (const other of heading.parentElement.children) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', order);
  const place = [...heading.parentElement.children].indexOf(heading);
  const rows = [...heading.closest('table').tBodies[0].rows];
  const value = (row) => row.cells[place].dataset.value ?? '';
  const numbers = rows.every((row) => value(row) !== '' && !Number.isNaN(Number(value(row))));
  rows.sort((one, other) => (numbers ? value(one) - value(other) : value(one).localeCompare(value(other))));
  if (order === 'descending') rows.reverse();
  heading.closest('table').tBodies[0].append(...rows);
}
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-sort]');
  if (!button) return;
  const heading = button.closest('th');
  const was = heading.getAttribute('aria-sort');
  const order = was ? (was === 'ascending' ? 'descending' : 'ascending') : button.dataset.first;
  sorted = { column: heading.dataset.column, order };
  sort(heading, order);
});
new MutationObserver(() => {
  const heading = sorted && element.querySelector(`th[data-column="${sorted.column}"]`);
  if (heading && !heading.hasAttribute('aria-sort')) sort(heading, sorted.order);
}).observe(element, { childList: true, subtree: true });
