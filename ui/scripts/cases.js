// A picture opens Search. The place in Metrics is kept in the history, so that the browser's Back returns to it.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-act=search]');
  if (!button) return;
  history.replaceState({ ...history.state, lapel: 'metrics', at: scrollY }, '');
  const address = new URL(location.href);
  for (const name of ['tab', 'report', 'of']) address.searchParams.delete(name);
  history.pushState({ lapel: 'search', arriving: true }, '', address); // the query bar writes the rest of it
  document.dispatchEvent(new Event('lapel:follow'));
  scrollTo({ top: 0 });
}, true);
// A panel that was opened in a row is seen.
let seen = '';
watch('value', () => setTimeout(() => {
  const panel = element.querySelector('.lapel-flagged');
  const shown = panel?.querySelector('img')?.src ?? '';
  if (panel && shown !== seen) panel.scrollIntoView({ block: 'nearest' });
  seen = shown;
}, 50));
