// What was dropped or chosen → files with their paths below what was dropped.
const JUNK = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i;
const READ_BY_NOBODY = /^(video|audio)\//;

const listed = (reader) => new Promise((done, failed) => reader.readEntries(done, failed));
const fileOf = (entry) => new Promise((done, failed) => entry.file(done, failed));

async function walk(entry, found, tell) {
  if (entry.isFile) {
    found.push({ path: entry.fullPath.replace(/^\/+/, ''), file: await fileOf(entry) });
    if (found.length % 100 === 0) tell(found.length);
    return;
  }
  const reader = entry.createReader();
  for (let some = await listed(reader); some.length; some = await listed(reader)) // a hundred at a time
    for (const inside of some) await walk(inside, found, tell);
}

// tell: is called with the number of files so far.
async function dropped(transfer, tell) {
  const entries = []; // to be taken at once: they are gone after the event
  for (const item of transfer.items)
    if (item.kind === 'file') entries.push(item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found = [];
  for (const entry of entries)
    if (entry instanceof File) found.push({ path: entry.name, file: entry });
    else if (entry) await walk(entry, found, tell);
  return found;
}

const chosen = (files) => [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

// In an order that is the same the next time; `skipped` are videos, which nothing here can read.
function sorted(found) {
  const wanted = found.filter(({ path }) => !JUNK.test(path));
  const files = wanted.filter(({ file }) => !READ_BY_NOBODY.test(file.type));
  files.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { files, skipped: wanted.length - files.length };
}

// By which the same files are known again: their names, sizes and times of change.
function signature(files) {
  let hash = 0x811c9dc5, size = 0;
  for (const { path, file } of files) {
    size += file.size;
    for (const letter of `${path}|${file.size}|${file.lastModified}\n`)
      hash = Math.imul(hash ^ letter.codePointAt(0), 0x01000193);
  }
  return `${files.length} ${size} ${hash >>> 0}`;
}
