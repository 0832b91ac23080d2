// Erasing, logging in and out go to REST, which changes the cookies; the page then begins anew.
const ask = (path, body) => fetch(new URL(path, new URL('.', location.href)), {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
});

async function send(path, body) {
  const said = element.querySelector('.said');
  const answer = await ask(path, body).catch(() => null);
  if (answer && answer.ok) location.reload();
  else if (said) said.textContent = answer ? (await answer.json()).error : said.dataset.lost;
}

element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-post]');
  if (!button || (button.dataset.sure && !confirm(button.dataset.sure))) return;
  send(button.dataset.post, {});
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  send('v1/login', { token: event.target.querySelector('input').value });
});
