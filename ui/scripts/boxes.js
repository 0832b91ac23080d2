// A box over a picture: drawn, moved and sized by mouse, finger and keyboard, and parts that are taken by one tap.
// The server draws the picture (`ui.picture_box`); edges are shares of it: left, top, right, bottom.
(() => {
  const STEP = 0.02; // that an arrow key moves by
  const DRAG = 5; // pixels below which a press is a tap
  const NEAR = 0.08; // corners from which the numbers of two parts would cover each other
  const PAUSE = 700; // milliseconds after the last arrow key until the box is asked by
  const root = () => element.querySelector('[data-boxes]');
  const view = () => element.querySelector('.lapel-view');
  const frame = () => element.querySelector('.lapel-box');
  const told = (name) => root()?.dataset[name] ?? '';
  const edges = (text) => (text ? text.split(',').map(Number) : null);
  const taken = () => edges(told('box'));
  const alike = (one, other) => (one ?? []).join() === (other ?? []).join();
  const clamp = (value, least = 0, most = 1) => Math.min(Math.max(value, least), most);
  let shown = null; // the box on the screen, which may not be asked by yet
  let drag = null;
  let waiting = 0; // the timer of a box that the keys move
  let held = ''; // a selector of what has the focus here, also when it is drawn anew
  let dragged = false; // the press that is let go was no tap

  function show(box) {
    shown = box;
    root()?.classList.toggle('boxed', Boolean(box));
    for (const part of element.querySelectorAll('.lapel-box, .lapel-shade')) {
      part.hidden = !box;
      ['left', 'top', 'right', 'bottom'].forEach((name, at) => part.style.setProperty(`--${name}`, box?.[at] ?? 0));
    }
    for (const part of element.querySelectorAll('.lapel-proposal')) {
      part.setAttribute('aria-pressed', alike(edges(part.dataset.part), box));
    }
  }

  function say(text) {
    const line = element.querySelector('.lapel-said');
    if (line) line.textContent = text;
  }

  function sayPlace([left, top, right, bottom]) {
    const figures = { left, top, width: right - left, height: bottom - top };
    say(told('place').replace(/\{(\w+)\}/g, (_, name) => Math.round(100 * figures[name])));
  }

  function drawing(on) {
    root()?.classList.toggle('drawing', on);
    element.querySelector('[data-do="box"]')?.setAttribute('aria-pressed', on);
  }

  function take(box) {
    clearTimeout(waiting);
    waiting = 0;
    drawing(false);
    const least = edges(told('least')) ?? [0, 0];
    const small = box && (box[2] - box[0] < least[0] - 1e-4 || box[3] - box[1] < least[1] - 1e-4);
    if (small) {
      show(taken());
      return say(told('small'));
    }
    const found = box && box.map((edge) => Math.round(edge * 1e4) / 1e4);
    show(found);
    if (alike(found, taken())) return;
    root().dataset.box = (found ?? []).join();
    say('');
    const term = told('term');
    trigger('input', term ? { act: 'box_for', term: Number(term), box: found } : { act: 'box', box: found });
  }

  function back() {
    clearTimeout(waiting);
    waiting = 0;
    drag = null;
    drawing(false);
    show(taken());
    say('');
  }

  // with a mouse or a finger
  const point = (event) => {
    const { left, top, width, height } = view().getBoundingClientRect();
    return [clamp((event.clientX - left) / width), clamp((event.clientY - top) / height)];
  };
  const inside = (box, [x, y]) => box && x > box[0] && x < box[2] && y > box[1] && y < box[3];
  const between = (one, other) => [
    Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[0], other[0]), Math.max(one[1], other[1]),
  ];
  function moved(box, across, down) {
    const [right, lower] = [clamp(across, -box[0], 1 - box[2]), clamp(down, -box[1], 1 - box[3])];
    return [box[0] + right, box[1] + lower, box[2] + right, box[3] + lower];
  }
  function sized(box, grip, [x, y]) {
    const across = grip.includes('w') ? [x, box[2]] : [box[0], x];
    const down = grip.includes('n') ? [y, box[3]] : [box[1], y];
    return between([across[0], down[0]], [across[1], down[1]]);
  }
  function following(to) {
    const { how, box, from } = drag;
    if (how === 'draw') return between(from, to);
    if (how === 'move') return moved(box, to[0] - from[0], to[1] - from[1]);
    return sized(box, how, to);
  }

  element.addEventListener('pointerdown', (event) => {
    dragged = false;
    if (event.button || !event.target.closest('.lapel-view')) return;
    const grip = event.target.closest('[data-grip]')?.dataset.grip;
    const mode = root().classList.contains('drawing');
    if (!grip && !mode && event.pointerType !== 'mouse') return; // a finger scrolls the page
    const from = point(event);
    const how = grip ?? (!mode && inside(shown, from) ? 'move' : 'draw');
    drag = { id: event.pointerId, at: [event.clientX, event.clientY], from, how, box: shown, begun: false };
  });
  element.addEventListener('pointermove', (event) => {
    if (drag?.id !== event.pointerId) return;
    const far = Math.hypot(event.clientX - drag.at[0], event.clientY - drag.at[1]) > DRAG;
    if (!drag.begun && !far) return;
    if (!drag.begun) view().setPointerCapture(event.pointerId);
    drag.begun = dragged = true;
    show(following(point(event)));
  });
  element.addEventListener('pointerup', (event) => {
    if (drag?.id !== event.pointerId) return;
    const { begun } = drag;
    drag = null;
    setTimeout(() => { dragged = false; }); // after the click that this is too
    if (begun) take(shown);
  });
  element.addEventListener('pointercancel', () => { if (drag) back(); });
  element.addEventListener('dragstart', (event) => { if (event.target.closest('.lapel-view')) event.preventDefault(); });

  // with the keyboard
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function stepped(box, [across, down], size) {
    if (!size) return moved(box, across * STEP, down * STEP);
    const least = edges(told('least')) ?? [0, 0];
    return [
      box[0], box[1],
      clamp(box[2] + across * STEP, box[0] + least[0]), clamp(box[3] + down * STEP, box[1] + least[1]),
    ];
  }
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && (drag || waiting || root()?.classList.contains('drawing'))) {
      const inBox = event.target === frame();
      back();
      if (inBox && !shown) element.querySelector('[data-do="box"]')?.focus();
      return event.preventDefault();
    }
    if (event.target !== frame() || !shown) return;
    if (ARROWS[event.key] && !event.ctrlKey && !event.altKey && !event.metaKey) {
      show(stepped(shown, ARROWS[event.key], event.shiftKey));
      sayPlace(shown);
      clearTimeout(waiting);
      waiting = setTimeout(() => take(shown), PAUSE);
    } else if (event.key === 'Enter') take(shown);
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      held = '[data-do="box"]';
      take(null);
    } else return;
    event.preventDefault();
  });
  document.addEventListener('focusin', ({ target }) => {
    const part = element.contains(target) && target.closest('.lapel-box, .lapel-proposal, [data-do]');
    const { part: edge, do: tool } = part ? part.dataset : {};
    held = !part ? '' : edge ? `[data-part="${edge}"]` : tool ? `[data-do="${tool}"]` : '.lapel-box';
  });

  const acts = {
    box: (event) => {
      if (root().classList.contains('drawing')) return back();
      drawing(true);
      say(told('hint'));
      if (event.detail) return; // by mouse or finger: it is dragged over the picture
      show(shown ?? [0.25, 0.25, 0.75, 0.75]);
      frame().focus();
    },
    whole: () => take(null),
    left: () => trigger('input', { act: 'turn', by: -1 }),
    right: () => trigger('input', { act: 'turn', by: 1 }),
  };
  element.addEventListener('click', (event) => {
    if (dragged && event.target.closest('.lapel-view')) return;
    const part = event.target.closest('.lapel-proposal');
    if (part) return take(part.getAttribute('aria-pressed') === 'true' ? null : edges(part.dataset.part));
    acts[event.target.closest('[data-do]')?.dataset.do]?.(event);
  });

  // parts that are proposed: each a button over the picture, the smaller ones on top
  function propose() {
    const parts = JSON.parse(told('parts') || '[]');
    if (!view()) return;
    view().querySelectorAll('.lapel-proposal').forEach((old) => old.remove());
    const near = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]) < NEAR;
    for (const { box, name, number } of parts) {
      const made = Object.assign(document.createElement('button'), { type: 'button', className: 'lapel-proposal' });
      made.dataset.part = box.join();
      made.setAttribute('aria-label', name);
      made.title = name;
      ['left', 'top', 'right', 'bottom'].forEach((edge, at) => made.style.setProperty(`--${edge}`, box[at]));
      made.style.setProperty('--aside', parts.filter((other) => other.number < number && near(other.box, box)).length);
      made.style.zIndex = Math.round(100 * (2 - (box[2] - box[0]) * (box[3] - box[1])));
      made.append(Object.assign(document.createElement('span'), { textContent: number, ariaHidden: 'true' }));
      view().insertBefore(made, frame());
    }
  }
  function refocus() {
    const lost = !document.activeElement || document.activeElement === document.body;
    const target = held && lost && (element.querySelector(held) ?? element.querySelector('[data-do="box"]'));
    if (target) (target.hidden ? element.querySelector('[data-do="box"]') : target).focus({ preventScroll: true });
  }
  document.addEventListener('lapel:parts', ({ detail }) => {
    if (!root() || told('key') !== detail.key) return;
    root().dataset.parts = detail.parts;
    propose();
    show(shown);
    refocus();
  });

  watch('value', () => {
    drag = null;
    propose();
    if (!waiting) shown = taken();
    show(root() ? shown : null);
    refocus();
  });
  if (root()) {
    propose();
    show(taken());
  }
})();
