// Dials: a number and a slider that show one value. It counts on Enter, on an arrow key, when a slider
// is let go and when the field is left; what is out of bounds becomes the bound, and that is said.
const numberOf = (dial) => dial.querySelector('input[type=number]');
const noteOf = (dial) => dial.querySelector('.bounded');
const rangeOf = (dial) => dial.querySelector('input[type=range]');

function show(dial, value) {
  for (const input of [numberOf(dial), rangeOf(dial)]) {
    input.value = value;
    input.setAttribute('value', value);
  }
}

function commit(dial, text) {
  const { min, max, step } = numberOf(dial);
  const given = Number.parseFloat(text);
  if (Number.isNaN(given)) return show(dial, dial.dataset.value);
  const inside = Math.min(Math.max(given, Number(min)), Number(max));
  const whole = Number(step) === 1 ? Math.round(inside) : inside;
  if (given > Number(max)) noteOf(dial).textContent = dial.dataset.high;
  if (given < Number(min)) noteOf(dial).textContent = dial.dataset.low;
  show(dial, whole);
  if (Number(dial.dataset.value) === whole) return;
  dial.dataset.value = whole;
  trigger('input', { name: dial.dataset.dial, value: whole });
}

element.addEventListener('input', (event) => {
  const dial = event.target.closest('[data-dial]');
  if (!dial) return;
  noteOf(dial).textContent = '';
  if (event.target.type === 'range') numberOf(dial).value = event.target.value;
  else if (event.target.value !== '') rangeOf(dial).value = event.target.value;
});
element.addEventListener('change', (event) => {
  const dial = event.target.closest('[data-dial]');
  if (dial) commit(dial, event.target.value);
});
element.addEventListener('keydown', (event) => {
  const dial = event.target.closest('[data-dial]');
  if (dial && event.key === 'Enter') commit(dial, event.target.value);
});
