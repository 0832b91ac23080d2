// The picture box: choose, drop, paste or photograph a picture, look at it in full, take it away.
// The server draws the box; what it says of a new picture comes back with the next drawing.
const box = () => element.querySelector('.lapel-picture');
const word = (name) => box()?.dataset[name] ?? '';
let latest = 0;

const refuse = (reason) => trigger('input', { refused: reason });

async function take(file) {
  if (!file || !box() || box().matches('.waiting')) return;
  document.dispatchEvent(new Event('lapel:follow'));
  if (file.size > Number(word('most'))) return refuse('large');
  const mine = ++latest;
  box().setAttribute('aria-busy', 'true');
  try {
    const { path } = await upload(file);
    if (mine === latest) trigger('input', { path });
  } catch (error) {
    if (mine === latest) refuse('upload');
  }
}

async function fromClipboard() {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((name) => name.startsWith('image/'));
      if (type) return take(new File([await item.getType(type)], 'pasted', { type }));
    }
    refuse('clipboard');
  } catch (error) {
    refuse('clipboard');
  }
}

async function camera() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch (error) {
    return refuse('camera');
  }
  const dialog = document.createElement('dialog');
  const video = Object.assign(document.createElement('video'), {
    autoplay: true, muted: true, playsInline: true, srcObject: stream,
  });
  const button = (text, act) => {
    const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
    made.addEventListener('click', act);
    return made;
  };
  const shoot = () => {
    const canvas = Object.assign(document.createElement('canvas'), {
      width: video.videoWidth, height: video.videoHeight,
    });
    canvas.getContext('2d').drawImage(video, 0, 0);
    canvas.toBlob((blob) => blob && take(new File([blob], 'camera.png', { type: 'image/png' })));
    dialog.close();
  };
  const row = document.createElement('div');
  row.append(button(word('shoot'), shoot), button(word('cancel'), () => dialog.close()));
  dialog.className = 'lapel-camera';
  dialog.setAttribute('aria-label', word('camera'));
  dialog.append(video, row);
  dialog.addEventListener('close', () => {
    stream.getTracks().forEach((track) => track.stop());
    dialog.remove();
  });
  element.parentElement.append(dialog);
  dialog.showModal();
}

const acts = {
  choose: () => element.querySelector('input[type=file]').click(),
  paste: fromClipboard,
  camera,
  enlarge: () => element.querySelector('img')?.requestFullscreen?.(),
  remove: () => { latest++; trigger('clear', {}); },
};

element.addEventListener('click', (event) => {
  const wanted = event.target.closest('[data-do]');
  if (wanted) acts[wanted.dataset.do]?.(); // those of a box are in `boxes.js`
});
element.addEventListener('change', (event) => {
  if (event.target.type !== 'file') return;
  const [file] = event.target.files;
  take(file);
  event.target.value = ''; // the same file can be chosen again
});

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
const ours = (event) => element.checkVisibility() && !event.target.closest?.('#metrics');
document.addEventListener('dragover', (event) => {
  if (!carriesFiles(event) || !ours(event)) return;
  event.preventDefault();
  box()?.classList.add('dropping');
});
const still = () => box()?.classList.remove('dropping');
document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) still(); });
document.addEventListener('drop', (event) => {
  still();
  if (!carriesFiles(event) || !ours(event)) return;
  event.preventDefault();
  take(event.dataTransfer.files[0]);
});
document.addEventListener('paste', (event) => {
  const file = event.clipboardData?.files[0];
  if (!file || !ours(event)) return;
  event.preventDefault();
  take(file);
});

// What is shown of a catalog is dim from the moment that another is asked for until that one's query is drawn.
const PATIENCE = 8000; // milliseconds after which it is taken for refused
document.addEventListener('lapel:leaving', () => {
  document.body.dataset.leaving = '';
  setTimeout(() => delete document.body.dataset.leaving, PATIENCE);
});
watch('value', () => { delete document.body.dataset.leaving; });
