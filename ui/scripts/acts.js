// Buttons and fields drawn by the server: what is pressed or chosen goes back with all data of its element.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-act]');
  if (!button || button.disabled) return;
  if (button.dataset.sure && !confirm(button.dataset.sure)) return;
  if (button.dataset.act === 'open') {
    document.dispatchEvent(new Event('lapel:follow'));
    document.dispatchEvent(new Event('lapel:leaving'));
    scrollTo({ top: 0 });
  }
  trigger('input', { ...button.dataset });
});
element.addEventListener('change', (event) => {
  const field = event.target.closest('select[data-act], input[data-act]');
  if (!field) return;
  const value = field.type === 'checkbox' ? field.checked : field.value;
  const told = field.dataset.json ? JSON.parse(value) : { value };
  trigger('input', { ...field.dataset, ...told });
});
// What is drawn anew shows what the server says, also where somebody had chosen something in the same place.
watch('value', () => {
  for (const field of element.querySelectorAll('select[data-act]')) {
    const told = [...field.options].find((option) => option.hasAttribute('selected'));
    if (told) field.value = told.value;
  }
  for (const field of element.querySelectorAll('input[data-act]')) {
    if (field.type === 'checkbox') field.checked = field.hasAttribute('checked');
    else if (field !== document.activeElement) field.value = field.getAttribute('value') ?? '';
  }
});
