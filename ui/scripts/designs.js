// A picture opens Search. The place is kept in the history, so that the browser's Back returns to it.
element.addEventListener('click', (event) => {
  if (!event.target.closest('button[data-act=search]')) return;
  history.replaceState({ ...history.state, lapel: 'compare', at: scrollY }, '');
  const address = new URL(location.href);
  address.searchParams.delete('tab');
  history.pushState({ lapel: 'search' }, '', address);
  document.dispatchEvent(new Event('lapel:follow'));
  scrollTo({ top: 0 });
}, true);
