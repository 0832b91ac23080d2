// A table that is sorted by a press on a heading, and says above itself what the column under the pointer or the keys means:
// over what stands there, since a heading that moved away from the pointer would be told of and forgotten in turn.
// It stays sorted when the server draws it anew.
let sorted = null;
const about = () => element.querySelector('.about');
const told = (target) => target.closest?.('button[data-about]');
function explain(text) {
  const line = about();
  if (line) line.textContent = text || '';
}
element.addEventListener('pointerover', (event) => { if (told(event.target)) explain(told(event.target).dataset.about); });
element.addEventListener('focusin', (event) => { if (told(event.target)) explain(told(event.target).dataset.about); });
element.addEventListener('pointerout', (event) => { if (told(event.target)) explain(told(document.activeElement)?.dataset.about); });
element.addEventListener('focusout', () => explain(''));
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-sort]');
  if (!button) return;
  const heading = button.closest('th');
  const was = heading.getAttribute('aria-sort');
  sorted = { column: heading.dataset.column, order: was ? (was === 'ascending' ? 'descending' : 'ascending') : button.dataset.first };
  sort();
});
function sort() {
  const heading = sorted && element.querySelector(`th[data-column="${CSS.escape(sorted.column)}"]`);
  if (!heading) return;
  const { order } = sorted;
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
watch('value', () => setTimeout(sort, 0));
