// What is known so far: every new drawing of it brings pictures for the stage, and its strip takes labels back there.
watch('value', () => document.dispatchEvent(new CustomEvent('lapel:known')));
element.addEventListener('click', (event) => {
  const card = event.target.closest('[data-correct]');
  if (card) document.dispatchEvent(new CustomEvent('lapel:correct', { detail: { ...card.dataset } }));
});
