// The tab that is open stands in the address; Back and Forward go between Metrics and the search that it has led to.
const TABS = ['compare', 'metrics', 'catalogs', 'poc'];
const NOT_COMPARED = { left: '', right: '', example: '' }; // Compare writes its own again when it is drawn
const tabButton = (name) => document.querySelector(
  TABS.includes(name) ? `#${name}-button` : '#tabs button[role=tab]',
);
document.addEventListener('click', (event) => {
  const tab = event.target.closest?.('#tabs button[role=tab]');
  if (!tab || tab.id === 'metrics-button') return;
  const name = TABS.find((one) => tab.id === `${one}-button`) ?? '';
  document.dispatchEvent(new CustomEvent('lapel:address', { detail: { tab: name, report: '', of: '', ...(name === 'compare' ? {} : NOT_COMPARED) } }));
});
// What is pressed in a tab may lead to Search, too.
new MutationObserver(() => {
  if (!['catalogs', 'poc'].includes(new URL(location.href).searchParams.get('tab'))) return;
  if (tabButton('')?.getAttribute('aria-selected') === 'true') {
    document.dispatchEvent(new CustomEvent('lapel:address', { detail: { tab: '' } }));
  }
}).observe(document.body, { attributes: true, attributeFilter: ['aria-selected'], subtree: true });
addEventListener('popstate', ({ state }) => {
  if (!state?.lapel) return;
  tabButton(state.lapel)?.click();
  if (state.lapel !== 'metrics') return;
  let left = 20; // what the tab holds is drawn again first
  const back = () => {
    scrollTo({ top: state.at ?? 0 });
    if (Math.abs(scrollY - (state.at ?? 0)) > 2 && left-- > 0) setTimeout(back, 100);
  };
  setTimeout(back, 60);
});
const wantedTab = new URL(location.href).searchParams.get('tab');
if (TABS.includes(wantedTab)) {
  const open = (left) => {
    const button = tabButton(wantedTab);
    if (button) button.click();
    else if (left) setTimeout(() => open(left - 1), 200);
  };
  open(50);
}
