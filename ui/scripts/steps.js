// On a narrow screen Gradio draws the steps of a walk without their names, which those who cannot see them need.
{
  const part = element.closest('.lapel-poc');
  const name = () => {
    const names = element.querySelector('[data-steps]')?.dataset.steps.split('|') ?? [];
    part.querySelectorAll('.step-button').forEach((button, place) => {
      const said = `${place + 1} ${names[place] ?? ''}`;
      if (names[place] && button.getAttribute('aria-label') !== said) button.setAttribute('aria-label', said);
    });
  };
  new MutationObserver(name).observe(part, { childList: true, subtree: true });
  name();
}
