// How much of the heat lies over the four pictures: one slider for all of them, which the browser remembers.
{
  const KEPT = 'lapel-heat';
  const known = () => {
    try { return localStorage.getItem(KEPT); } catch { return null; }
  };
  const show = (percent) => {
    element.style.setProperty('--heat', percent / 100);
    for (const slider of element.querySelectorAll('input[data-heat]')) {
      slider.value = percent;
      slider.setAttribute('aria-valuetext', `${percent} %`);
      const told = slider.parentElement.querySelector('output');
      if (told.textContent !== `${percent} %`) told.textContent = `${percent} %`;
    }
  };
  const kept = () => {
    const percent = Number(known() ?? 100);
    return percent >= 0 && percent <= 100 ? percent : 100;
  };
  element.addEventListener('input', (event) => {
    if (!event.target.matches('input[data-heat]')) return;
    show(Number(event.target.value));
    try { localStorage.setItem(KEPT, event.target.value); } catch { /* it is forgotten with the page */ }
  });
  show(kept());
  watch('value', () => show(kept()));
}
