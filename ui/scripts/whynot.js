// The field for an item: what is written is looked for, what is chosen from its list or sent is explained.
{
  let waiting = 0;
  const WAIT = 220; // milliseconds after the last letter
  const send = (field) => {
    clearTimeout(waiting);
    trigger('input', { act: 'why_not', text: field.value });
  };
  element.addEventListener('input', (event) => {
    const field = event.target.closest('input[data-find]');
    if (!field) return;
    clearTimeout(waiting);
    const listed = [...(field.list?.options ?? [])].some((option) => option.value === field.value);
    if (listed && (!event.inputType || event.inputType === 'insertReplacementText')) send(field);
    else waiting = setTimeout(() => trigger('input', { act: 'find', text: field.value }), WAIT);
  });
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.isComposing && event.target.matches('input[data-find]')) send(event.target);
  });
  element.addEventListener('click', (event) => {
    if (event.target.closest('button[data-send]')) send(element.querySelector('input[data-find]'));
  });
}
// The picture that was chosen stands out at once.
element.addEventListener('click', (event) => {
  const chosen = event.target.closest('button[data-act="why_not"]');
  if (!chosen) return;
  for (const other of element.querySelectorAll('button[data-act="why_not"]')) {
    other.setAttribute('aria-pressed', other === chosen);
  }
});
