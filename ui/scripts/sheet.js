// The sheet is in the page: it is saved or printed from here, and nothing of it lies on the server.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-sheet]');
  if (!button) return;
  const { name, html, json } = element.querySelector('[data-html]').dataset;
  const kind = button.dataset.sheet;
  if (kind === 'print') {
    const page = open('', '_blank');
    if (page) {
      page.document.write(html);
      page.document.close();
      page.focus();
      page.setTimeout(() => page.print(), 150);
      return;
    }
    const frame = document.createElement('iframe'); // new windows are forbidden: it is printed from here
    frame.hidden = true;
    frame.srcdoc = html;
    frame.addEventListener('load', () => frame.contentWindow.print());
    document.body.append(frame);
    return;
  }
  const [text, type] = kind === 'json' ? [json, 'application/json'] : [html, 'text/html;charset=utf-8'];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `${name}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
});
