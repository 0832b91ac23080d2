// A figure as a file: its layers as one SVG, or drawn as a PNG. Nothing is sent anywhere.
const INLINE = ['fill', 'font-family', 'font-size', 'font-weight', 'stroke', 'opacity'];
function whole(plot, ground) {
  const layers = [...plot.querySelectorAll('svg.main-svg')];
  const { width, height } = plot.getBoundingClientRect();
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({ xmlns: svg.namespaceURI, width, height, viewBox: `0 0 ${width} ${height}` }))
    svg.setAttribute(name, value);
  const paper = document.createElementNS(svg.namespaceURI, 'rect');
  for (const [name, value] of Object.entries({ width, height, fill: ground })) paper.setAttribute(name, value);
  svg.append(paper);
  for (const layer of layers) {
    const copy = layer.cloneNode(true);
    const texts = [...layer.querySelectorAll('text, tspan')];
    [...copy.querySelectorAll('text, tspan')].forEach((text, place) => {
      const style = getComputedStyle(texts[place]);
      for (const name of INLINE) text.style.setProperty(name, style.getPropertyValue(name));
    });
    for (const other of copy.querySelectorAll('.modebar, .hoverlayer, .drag')) other.remove();
    copy.style.background = 'none';
    svg.append(...copy.childNodes);
  }
  return { svg, width, height };
}
// A table of coloured cells is drawn as it stands, all of it, in colours that every program knows.
function table(part, ground) {
  const { left, top } = part.getBoundingClientRect();
  const width = part.scrollWidth + 32, height = part.scrollHeight + 16;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const add = (name, data, text = '') => {
    const made = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(data)) made.setAttribute(key, value);
    made.textContent = text;
    svg.append(made);
  };
  for (const [name, value] of Object.entries({ xmlns: svg.namespaceURI, width, height, viewBox: `0 0 ${width} ${height}` }))
    svg.setAttribute(name, value);
  add('rect', { width, height, fill: plain(ground) });
  for (const cell of part.querySelectorAll('td, th')) {
    const drawn = cell.firstElementChild ?? cell;
    const style = getComputedStyle(drawn);
    const box = drawn.getBoundingClientRect();
    const x = box.left - left + 24, y = box.top - top + 8;
    const framed = style.boxShadow !== 'none';
    if (drawn.matches('.cell') || framed) {
      const line = framed ? { stroke: plain(getComputedStyle(part).color), 'stroke-width': 1.5 } : {};
      add('rect', { x, y, width: box.width, height: box.height, rx: 5, fill: plain(style.backgroundColor), ...line });
    }
    const across = style.writingMode.startsWith('vertical');
    const end = cell.matches('tbody th, .corner');
    const at = across ? [x + box.width / 2, y + box.height] : [end ? x + box.width - 10 : x + box.width / 2, y + box.height / 2];
    add('text', {
      x: at[0], y: at[1], fill: plain(style.color), 'font-size': style.fontSize, 'font-family': style.fontFamily,
      'text-anchor': across ? 'start' : end ? 'end' : 'middle', 'dominant-baseline': 'central',
      ...(across ? { transform: `rotate(-90 ${at[0]} ${at[1]})` } : {}),
    }, drawn.textContent.trim());
  }
  return { svg, width, height };
}
// Below its title, and what it was measured on, so that a picture says what it shows wherever it is put.
function titled({ svg, width, height }, { title, of }, ground) {
  const style = getComputedStyle(document.body);
  const pen = document.createElement('canvas').getContext('2d');
  const lines = [[title, 'bold 15px'], [of, '12px']].flatMap(([text, font]) => {
    pen.font = `${font} ${style.fontFamily}`;
    return broken(text ?? '', (part) => pen.measureText(part).width <= width - 32).map((line) => [line, font]);
  });
  const top = lines.length ? lines.length * 20 + 14 : 0;
  const body = document.createElementNS(svg.namespaceURI, 'g');
  body.setAttribute('transform', `translate(0 ${top})`);
  body.append(...svg.childNodes);
  const paper = document.createElementNS(svg.namespaceURI, 'rect');
  for (const [name, value] of Object.entries({ width, height: height + top, fill: plain(ground) })) paper.setAttribute(name, value);
  svg.append(paper, body);
  lines.forEach(([line, font], place) => {
    const text = document.createElementNS(svg.namespaceURI, 'text');
    const weight = font.startsWith('bold') ? 'bold' : 'normal';
    const data = { x: 16, y: 26 + place * 20, fill: plain(style.color), 'font-family': style.fontFamily, 'font-weight': weight };
    for (const [name, value] of Object.entries({ ...data, 'font-size': font.split(' ').pop() })) text.setAttribute(name, value);
    text.textContent = line;
    svg.append(text);
  });
  svg.setAttribute('height', height + top);
  svg.setAttribute('viewBox', `0 0 ${width} ${height + top}`);
  return { text: new XMLSerializer().serializeToString(svg), width, height: height + top };
}
// In lines that fit: between words, and between letters where words are not set apart.
function broken(text, fits) {
  const lines = [];
  for (const part of text.match(/[\u3000-\u9fff\uff00-\uffef]|\s+|[^\s\u3000-\u9fff\uff00-\uffef]+/g) ?? []) {
    if (lines.length && fits(lines.at(-1) + part)) lines[lines.length - 1] += part;
    else if (part.trim()) lines.push(part);
  }
  return lines;
}
const dot = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
function plain(color) {
  dot.clearRect(0, 0, 1, 1);
  dot.fillStyle = color;
  dot.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = dot.getImageData(0, 0, 1, 1).data;
  return alpha ? `rgb(${red}, ${green}, ${blue})` : 'none';
}
function save(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
element.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-save]');
  if (!button) return;
  const ground = getComputedStyle(document.body).backgroundColor;
  const plot = document.querySelector(`#plot-${button.dataset.plot} .js-plotly-plot`);
  const cells = button.closest('section')?.querySelector(`table.lapel-${button.dataset.plot}`);
  if (!plot && !cells) return;
  const { text, width, height } = titled(plot ? whole(plot, ground) : table(cells, ground), button.dataset, ground);
  const vector = new Blob([text], { type: 'image/svg+xml' });
  if (button.dataset.save === 'svg') return save(vector, `${button.dataset.name}.svg`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: width * 2, height: height * 2 });
  canvas.getContext('2d').drawImage(image, 0, 0, width * 2, height * 2);
  canvas.toBlob((picture) => save(picture, `${button.dataset.name}.png`), 'image/png');
});
