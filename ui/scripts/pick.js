// Cards to pick from. The server draws them again with the one that was picked.
element.addEventListener('click', (event) => {
  const card = event.target.closest('[data-pick]');
  if (!card) return;
  for (const other of element.querySelectorAll('[data-pick]')) {
    other.setAttribute('aria-pressed', other === card);
  }
  trigger('select', { pick: card.dataset.pick });
  const target = card.dataset.then && document.querySelector(card.dataset.then);
  if (target && target.getBoundingClientRect().top > innerHeight * 0.8) {
    target.scrollIntoView({ behavior: 'smooth', block: 'start' });
  }
});
