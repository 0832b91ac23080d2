// Values of attributes: a field narrows those of its own as it is filled, a button shows them all. Both outlast a new drawing.
{
  const kept = new Map();
  const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/[\s_-]+/g, ' ').trim();
  const state = (pane) => kept.get(pane.dataset.pane) ?? { text: '', all: false };
  const set = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const draw = (pane) => {
    const find = pane.querySelector('input[type="search"]');
    if (!find) return;
    const { text, all } = state(pane);
    const wanted = plain(text);
    if (find.value !== text) find.value = text;
    let shown = 0;
    for (const value of pane.querySelectorAll('.grid > li')) {
      value.hidden = wanted ? !plain(value.dataset.names).includes(wanted) : !all && value.classList.contains('more');
      if (!value.hidden) shown += 1;
    }
    const button = pane.querySelector('button.all');
    button.hidden = wanted !== '';
    button.setAttribute('aria-expanded', String(all));
    set(button, all ? button.dataset.fewer : button.dataset.all);
    const none = pane.querySelector('.none');
    set(none, shown ? '' : none.dataset.none);
  };
  const keep = (pane, change) => {
    kept.set(pane.dataset.pane, { ...state(pane), ...change });
    draw(pane);
  };
  element.addEventListener('input', ({ target }) => {
    if (target.matches('.pane input[type="search"]')) keep(target.closest('.pane'), { text: target.value });
  });
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !event.target.matches('.pane input[type="search"]')) return;
    event.preventDefault();
    if (event.target.value.trim()) event.target.closest('.pane').querySelector('.grid > li:not([hidden]) .card')?.click();
  });
  element.addEventListener('click', ({ target }) => {
    if (target.closest('[data-act=label]')) {
      document.querySelector('#catalogs-button').click();
      scrollTo(0, 0);
    }
    const button = target.closest('button.all');
    if (button) keep(button.closest('.pane'), { all: !state(button.closest('.pane')).all });
  });
  // What it costs to ask for more is measured when somebody wants to know.
  element.addEventListener('toggle', ({ target }) => {
    if (target.open && target.querySelector('[data-foretell]') && !element.dataset.foretold) {
      element.dataset.foretold = 'true';
      trigger('input', { act: 'foretell' });
    }
  }, true);
  const drawAll = () => element.querySelectorAll('.pane').forEach(draw);
  const observer = new MutationObserver(() => {
    drawAll();
    observer.takeRecords();
  });
  const written = ['hidden', 'class', 'aria-expanded', 'data-names', 'data-pane'];
  observer.observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: written });
  drawAll();
}
