// What is shown in Metrics stands in the address while the tab is open.
function note() {
  const said = element.querySelector('[data-report]');
  if (!said || !element.checkVisibility()) return;
  const { report, attribute } = said.dataset;
  document.dispatchEvent(new CustomEvent('lapel:address', { detail: { tab: 'metrics', report, of: attribute } }));
}
watch('value', () => setTimeout(note, 50));
setTimeout(note, 50);
