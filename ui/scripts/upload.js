// The box that uploads. Files go one after another as one row of bytes, in parts; after a broken connection, a pause or a
// new page the server says how many bytes it has, and the rest follows.
const KEPT = 'lapel_upload';
const PART = 8 << 20;
const LONGEST = 30; // seconds between two tries
const SILENT = 60; // seconds without a byte after which a connection counts as broken
const root = location.origin + location.pathname.replace(/\/*$/, '/');

const box = () => element.querySelector('.lapel-upload');
const within = (selector) => box().querySelector(selector);
const language = () => (document.documentElement.lang === 'ja' ? 'ja' : 'en');
const word = (key, values = {}) => WORDS[language()][key]?.replace(/\{(\w+)\}/g, (_, name) => values[name]) ?? '';

let job = null; // {files, ends, size, name, signature, skipped, id, sent}
let earlier = null; // an upload of an earlier page that can go on: {id, name, size, received, signature}
let turn = 0; // what runs under an older number stops
let sending = null;
let hurry = null; // ends the wait for the next try
let samples = [];

function keep(value) {
  try {
    if (value) localStorage.setItem(KEPT, JSON.stringify(value));
    else localStorage.removeItem(KEPT);
  } catch (error) {
    // without storage an upload cannot be found again by another page
  }
}
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT));
  } catch (error) {
    return null;
  }
}

// what is seen
const SHOWN = {
  idle: ['choose', 'folder'], again: ['choose', 'folder', 'cancel'], gathering: [], sending: ['pause', 'cancel'],
  paused: ['resume', 'cancel'], broken: ['resume', 'cancel'],
};
function show(state, said, error = false) {
  const focused = box().contains(document.activeElement) ? document.activeElement : null;
  box().dataset.state = state;
  within('.status').textContent = said;
  within('.status').classList.toggle('error', error);
  for (const button of box().querySelectorAll('[data-do]')) button.hidden = !SHOWN[state].includes(button.dataset.do);
  within('progress').hidden = !['sending', 'paused', 'broken'].includes(state);
  if (within('progress').hidden) within('.figures').textContent = '';
  if (focused?.hidden) within('[data-do]:not([hidden])')?.focus();
}
const unit = (count, name, digits = 0) => {
  const options = { style: 'unit', unit: name, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language(), options).format(count);
};
const bytes = (count) => (count < 1e9 ? unit(count / 1e6, 'megabyte', count < 1e7 ? 1 : 0) : unit(count / 1e9, 'gigabyte', 1));
const time = (seconds) => {
  if (seconds < 60) return unit(Math.max(1, Math.round(seconds)), 'second');
  return seconds < 3600 ? unit(Math.ceil(seconds / 60), 'minute') : unit(seconds / 3600, 'hour', 1);
};
function figures(sent) {
  const now = performance.now() / 1000;
  samples = [...samples.filter(([when]) => now - when < 15), [now, sent]];
  const [[since, before]] = samples;
  const speed = now - since > 2 ? (sent - before) / (now - since) : 0;
  const said = [word('upload_figures', { done: bytes(sent), total: bytes(job.size) })];
  if (speed > 0) said.push(word('upload_left', { time: time((job.size - sent) / speed) }));
  if (job.skipped) said.push(word('upload_skipped', { count: job.skipped }));
  within('.figures').textContent = said.join(' · ');
  within('progress').value = sent / job.size;
}

// what is asked of the server
class Refused extends Error {
  constructor(status, said) {
    super(said.error ?? String(status));
    Object.assign(this, { status, reason: said.reason, most: said.most });
  }
  get forGood() {
    if (this.reason) return !['offset', 'incomplete', 'digest'].includes(this.reason);
    return this.status < 500 && ![404, 408, 425, 429].includes(this.status); // as a proxy says while the server restarts
  }
}
async function ask(method, path, body) {
  const options = { method, signal: AbortSignal.timeout(SILENT * 1000) };
  if (body) Object.assign(options, { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const answer = await fetch(root + path, options);
  const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}
async function put(blob, offset) {
  const headers = (await window.lapelVisitor?.()) ?? {};
  const request = (sending = new XMLHttpRequest());
  request.open('PUT', `${root}v1/uploads/${job.id}?offset=${offset}`);
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
  let watch;
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(() => request.abort(), SILENT * 1000);
  };
  const mine = turn;
  request.upload.onprogress = ({ loaded }) => {
    alive();
    if (mine === turn) figures(Math.min(offset + loaded, job.size));
  };
  try {
    return await new Promise((done, failed) => {
      const broken = () => failed(new TypeError('the connection broke'));
      request.onerror = request.onabort = broken;
      request.onload = () => {
        let said = {};
        try { said = JSON.parse(request.responseText); } catch (error) { return broken(); }
        if (request.status < 400) done(said.received);
        else failed(new Refused(request.status, said));
      };
      alive();
      request.send(blob);
    });
  } finally {
    clearTimeout(watch);
  }
}

// what is done
function slice(start, end) {
  const pieces = [];
  for (const [row, { file }] of job.files.entries()) {
    const from = row ? job.ends[row - 1] : 0;
    if (from >= end) break;
    if (job.ends[row] > start) pieces.push(file.slice(Math.max(0, start - from), end - from));
  }
  return new Blob(pieces);
}
async function unreadable() {
  const row = job.ends.findIndex((end) => end > job.sent);
  const file = job.files[row]?.file;
  try {
    await file?.slice(0, 1).arrayBuffer();
    return '';
  } catch (error) {
    return file.name;
  }
}
async function create() {
  const files = job.files.map(({ path, file }) => ({ path, size: file.size }));
  const made = await ask('POST', 'v1/uploads', { name: job.name, files });
  job.id = made.upload;
  job.sent = 0;
  keep({ id: job.id, signature: job.signature });
}
async function run() {
  const mine = ++turn;
  samples = [];
  show('sending', word('upload_sending', job));
  figures(job.sent ?? 0);
  for (let wait = 1; mine === turn; wait = Math.min(2 * wait, LONGEST)) {
    try {
      if (job.id) job.sent = (await ask('GET', `v1/uploads/${job.id}`)).received;
      else await create();
      while (mine === turn && job.sent < job.size) {
        figures(job.sent);
        job.sent = await put(slice(job.sent, Math.min(job.sent + PART, job.size)), job.sent);
        wait = 1;
      }
      if (mine === turn) {
        await ask('POST', `v1/uploads/${job.id}/finish`);
        return mine === turn && finished(job);
      }
    } catch (error) {
      if (mine !== turn) return;
      if (error.forGood) return refuse(error);
      const lost = await unreadable();
      if (lost) return stop(word('upload_unreadable', { name: lost }));
      show('broken', word('upload_broken', { time: time(wait) }));
      await new Promise((done) => setTimeout((hurry = done), wait * 1000 * (0.8 + 0.4 * Math.random())));
      if (mine === turn) show('sending', word('upload_sending', job));
    }
  }
}
function finished({ id, name, size, files }) {
  turn++;
  job = earlier = null;
  keep(null);
  show('idle', word('upload_done', { name }));
  trigger('input', { upload: id, name, size, files: files.length ?? files });
}
function stop(said) {
  turn++;
  job = null;
  show('idle', said, true);
}
async function refuse({ reason, message }) {
  const { size, files, id } = job;
  if (reason === 'space' && id) {
    turn++;
    return show('paused', word('upload_refused_space'), true);
  }
  if (reason === 'gone') keep(null);
  const limits = reason === 'bytes' ? (await ask('GET', 'v1/uploads').catch(() => ({}))).limits : null;
  const key = `upload_refused_${reason}`;
  const values = { size: bytes(size), count: files.length, most: limits ? bytes(limits.bytes) : '' };
  const why = language() === 'en' && (reason === 'name' || !WORDS.en[key]) ? ` (${message})` : ''; // the server speaks English
  stop((word(key, values) || word('upload_refused')) + why);
}
async function take(found) {
  const { files, skipped } = sorted(found);
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  if (!size) return stop(word('upload_empty'));
  let end = 0;
  const tops = new Set(files.map(({ path }) => path.split('/')[0]));
  const name = tops.size === 1 ? [...tops][0] : word('upload_several', { count: files.length });
  job = { files, size, name, skipped, signature: signature(files), ends: files.map(({ file }) => (end += file.size)) };
  if (earlier?.signature === job.signature) Object.assign(job, { id: earlier.id, sent: earlier.received });
  else if (earlier) await ask('DELETE', `v1/uploads/${earlier.id}`).catch(() => {});
  earlier = null;
  run();
}
async function cancel() {
  const id = (job ?? earlier)?.id;
  turn++;
  sending?.abort();
  hurry?.();
  job = earlier = null;
  keep(null);
  show('idle', word('upload_cancelled'));
  if (!id) return;
  await ask('DELETE', `v1/uploads/${id}`).catch(() => {});
  trigger('clear', { upload: id });
}
function pause() {
  turn++;
  sending?.abort();
  show('paused', word('upload_paused', job));
}
function resume() {
  if (box().dataset.state === 'broken') hurry?.();
  else run();
}
async function look() {
  const known = kept();
  if (!known?.id) return show('idle', '');
  try {
    const { received, finished: whole, upload: id, ...about } = await ask('GET', `v1/uploads/${known.id}`);
    if (job) return;
    if (whole) return finished({ id, ...about });
    earlier = { ...about, ...known, received };
    show('again', word('upload_again', { name: about.name, done: bytes(received), total: bytes(about.size) }));
  } catch (error) {
    if (error.reason === 'gone') keep(null);
    if (!job) show('idle', '');
  }
}

const [files, folder] = element.querySelectorAll('input[type=file]');
const acts = { choose: () => files.click(), folder: () => folder.click(), pause, resume, cancel };
const free = () => ['idle', 'again'].includes(box()?.dataset.state);
element.addEventListener('click', (event) => acts[event.target.closest('[data-do]')?.dataset.do]?.());
element.addEventListener('change', (event) => {
  if (event.target.type !== 'file') return;
  const found = chosen(event.target.files);
  event.target.value = ''; // the same can be chosen again
  if (free() && found.length) take(found);
});
const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files') && element.checkVisibility();
document.addEventListener('dragover', (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  box().classList.toggle('dropping', free());
});
document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) box()?.classList.remove('dropping'); });
document.addEventListener('drop', async (event) => {
  box()?.classList.remove('dropping');
  if (!carriesFiles(event)) return;
  event.preventDefault();
  if (!free()) return;
  const before = within('.status').textContent;
  try {
    const tell = (count) => show('gathering', word('upload_gathering', { count }));
    const found = dropped(event.dataTransfer, tell);
    tell(0);
    take(await found);
  } catch (error) {
    stop(word('upload_unreadable', { name: before }));
  }
});
window.addEventListener('online', () => hurry?.());
for (const button of element.querySelectorAll('[data-do]')) button.textContent = word(`upload_${button.dataset.do}`);
look();
