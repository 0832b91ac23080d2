// The last choice of a list of values is another one: a field to write it takes the list's place.
element.addEventListener('change', (event) => {
  const list = event.target.closest('select[data-other]');
  if (!list || list.value !== ':other') return;
  event.stopImmediatePropagation();
  const field = document.createElement('input');
  Object.assign(field, { type: 'text', maxLength: 200, placeholder: list.dataset.other });
  Object.assign(field.dataset, { act: list.dataset.act, attribute: list.dataset.attribute, key: list.dataset.key ?? '' });
  field.setAttribute('aria-label', list.getAttribute('aria-label'));
  list.replaceWith(field);
  field.focus();
}, true);
