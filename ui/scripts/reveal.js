// On a narrow screen the panel of an item lies above the list: another item brings it into sight.
let revealed = '';
watch('value', () => setTimeout(() => {
  const shown = element.querySelector('.lapel-item')?.dataset.id ?? '';
  if (shown && shown !== revealed && innerWidth <= 860) element.scrollIntoView({ block: 'start' });
  revealed = shown;
}, 50));
