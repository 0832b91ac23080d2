// What had the focus before the server drew this anew has it again.
{
  let last = null;
  element.addEventListener('focusin', (event) => { last = event.target.dataset.key ?? null; });
  element.addEventListener('focusout', (event) => { if (event.relatedTarget) last = null; });
  new MutationObserver(() => {
    if (last === null || (document.activeElement && document.activeElement !== document.body)) return;
    element.querySelector(`[data-key="${CSS.escape(last)}"]`)?.focus({ preventScroll: true });
  }).observe(element, { childList: true, subtree: true });
}
