// On a narrow screen Gradio draws the steps of a walk without their names, which those who cannot see them need. Of a sheet
// that is there every step can be gone to: Gradio opens those before the one that is shown, the server the others.
{
  const part = element.closest('.lapel-poc');
  const steps = () => [...part.querySelectorAll('.step-button')];
  const there = () => element.querySelector('[data-steps][data-done]') !== null;
  const name = () => {
    const names = element.querySelector('[data-steps]')?.dataset.steps.split('|') ?? [];
    steps().forEach((button, place) => {
      const said = `${place + 1} ${names[place] ?? ''}`;
      if (names[place] && button.getAttribute('aria-label') !== said) button.setAttribute('aria-label', said);
      if (button.disabled && there()) {
        button.disabled = false;
        button.removeAttribute('aria-disabled');
      }
    });
  };
  part.addEventListener('click', (event) => {
    const button = event.target.closest('.step-button.pending');
    if (button && there()) trigger('input', { act: 'step', step: steps().indexOf(button) + 1 });
  });
  new MutationObserver(name).observe(part, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  name();
}
