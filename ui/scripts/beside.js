// What was found in the query's picture after the results came is handed to the picture (`boxes.js`).
watch('value', () => {
  const { key, parts } = element.querySelector('[data-parts]')?.dataset ?? {};
  if (key) document.dispatchEvent(new CustomEvent('lapel:parts', { detail: { key, parts } }));
});
