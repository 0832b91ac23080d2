// A form drawn by the server: when a field is changed, all its fields go back, so that none is lost when two are changed in
// quick succession.
element.addEventListener('change', (event) => {
  const form = event.target.closest('form');
  if (form) trigger('input', { form: form.dataset.form, values: Object.fromEntries(new FormData(form)) });
});
element.addEventListener('submit', (event) => event.preventDefault());
