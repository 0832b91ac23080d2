// The page: its language, and the words of Gradio's own that no setting reaches.
function linkLanguages() {
  for (const link of element.querySelectorAll('a[data-lang]')) {
    const address = new URL(location.href);
    address.searchParams.set('lang', link.dataset.lang);
    link.href = address.href;
    if (link.dataset.lang === document.documentElement.lang) link.setAttribute('aria-current', 'true');
  }
}
linkLanguages();

// What is searched stands in the address: name → text or texts, of which a blank one takes the name out.
document.addEventListener('lapel:address', ({ detail }) => {
  const address = new URL(location.href);
  for (const [name, found] of Object.entries(detail)) {
    address.searchParams.delete(name);
    for (const text of [found].flat()) if (text) address.searchParams.append(name, text);
  }
  history.replaceState(history.state, '', address);
  linkLanguages();
});

// A query is a step of the browser's history, so that Back leads to the one before.
document.addEventListener('lapel:query', ({ detail: { address, push } }) => {
  const arriving = history.state?.arriving;
  if (push && !arriving) history.pushState({ lapel: 'search' }, '', address);
  else history.replaceState(arriving ? { lapel: 'search' } : history.state, '', address);
  linkLanguages();
});

const japanese = document.documentElement.lang === 'ja';
const words = japanese ? WORDS_OF_GRADIO : {};
const counts = japanese ? Object.entries(COUNTS_OF_GRADIO).map(([text, said]) => [new RegExp(text), said]) : [];
const counted = (text) => counts.filter(([known]) => known.test(text)).map(([known, said]) => text.replace(known, said))[0];
const NAMED = ['aria-label', 'title', 'placeholder', 'data-title'];

function reword(node) {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = node.data.trim();
    const said = words[text] ?? counted(text);
    if (said) node.data = said;
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  for (const name of NAMED) {
    const text = node.getAttribute(name);
    const said = words[text] ?? (/^Remove \S/.test(text) ? words.Remove : undefined);
    if (said) node.setAttribute(name, said);
  }
  // Gradio titles a chip with the name that programs use
  if (node.matches('.chips input[title]')) node.removeAttribute('title');
}

function rewordAll(root) {
  reword(root);
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) reword(walker.currentNode);
}

rewordAll(document.body);
new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === 'attributes') reword(change.target);
    else if (change.type === 'characterData') reword(change.target);
    else change.addedNodes.forEach(rewordAll);
  }
}).observe(document.body, {
  subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [...NAMED],
});
