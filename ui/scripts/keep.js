// What had the focus before the server drew this anew has it again, and what was opened stays open. Gradio writes what is new
// over what is there, place by place, so that a node may stay and become something else.
{
  let last = null;
  const opened = new Map();
  element.addEventListener('focusin', (event) => { last = event.target.dataset.key ?? null; });
  element.addEventListener('focusout', (event) => { if (event.relatedTarget) last = null; });
  // a key that opens clicks too
  element.addEventListener('click', ({ target }) => {
    const part = target.closest('summary')?.parentElement;
    if (part?.dataset.key) opened.set(part.dataset.key, !part.open);
  });
  new MutationObserver(() => {
    for (const part of element.querySelectorAll('details[data-key]')) {
      const open = opened.get(part.dataset.key) ?? part.open;
      if (part.open !== open) part.open = open;
    }
    const now = document.activeElement;
    if (last === null || now?.dataset.key === last) return;
    if (now && now !== document.body && !element.contains(now)) return;
    element.querySelector(`[data-key="${CSS.escape(last)}"]`)?.focus({ preventScroll: true });
  }).observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ['open', 'data-key'] });
}
