// What had the focus before the server drew this anew has it again, and what was opened stays open.
{
  let last = null;
  const opened = new Map();
  element.addEventListener('focusin', (event) => { last = event.target.dataset.key ?? null; });
  element.addEventListener('focusout', (event) => { if (event.relatedTarget) last = null; });
  element.addEventListener('toggle', ({ target }) => {
    if (target.isConnected && target.dataset.key) opened.set(target.dataset.key, target.open);
  }, true);
  new MutationObserver(() => {
    for (const part of element.querySelectorAll('details[data-key]')) {
      part.open = opened.get(part.dataset.key) ?? part.open;
    }
    if (last === null || (document.activeElement && document.activeElement !== document.body)) return;
    element.querySelector(`[data-key="${CSS.escape(last)}"]`)?.focus({ preventScroll: true });
  }).observe(element, { childList: true, subtree: true });
}
