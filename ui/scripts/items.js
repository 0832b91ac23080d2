// A page of items: what is ticked is known here alone, and goes with what is done to it.
const ticked = () => [...element.querySelectorAll('input[data-item]:checked')].map((box) => box.dataset.item);

function count() {
  const some = ticked().length;
  const bar = element.querySelector('.bulk');
  if (!bar) return;
  bar.hidden = !some;
  const said = bar.querySelector('.count');
  said.textContent = said.dataset.said.replace('{count}', some);
}

element.addEventListener('change', (event) => {
  if (event.target.matches('input[data-item]')) count();
  const all = event.target.closest('input[data-all]');
  if (!all) return;
  for (const box of element.querySelectorAll('input[data-item]')) box.checked = all.checked;
  count();
});
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-bulk]');
  if (!button) return;
  const chosen = element.querySelector('select.value-of');
  trigger('input', { act: button.dataset.bulk, items: ticked(), label: chosen ? chosen.value : '' });
});
// A card that is drawn anew takes the place of an older one, whose tick must not become its own.
watch('value', () => {
  for (const box of element.querySelectorAll('input[data-item], input[data-all]')) box.checked = box.hasAttribute('checked');
  count();
});
