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
  return { text: new XMLSerializer().serializeToString(svg), width, height };
}
function save(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
element.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-save]');
  if (!button) return;
  const plot = document.querySelector(`#plot-${button.dataset.plot} .js-plotly-plot`);
  if (!plot) return;
  const { text, width, height } = whole(plot, getComputedStyle(document.body).backgroundColor);
  const vector = new Blob([text], { type: 'image/svg+xml' });
  if (button.dataset.save === 'svg') return save(vector, `${button.dataset.name}.svg`);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: width * 2, height: height * 2 });
  canvas.getContext('2d').drawImage(image, 0, 0, width * 2, height * 2);
  canvas.toBlob((picture) => save(picture, `${button.dataset.name}.png`), 'image/png');
});
