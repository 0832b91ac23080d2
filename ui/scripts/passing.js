// A line that says what was done goes by itself; one with a way back stays longer.
let turn = 0;
watch('value', () => {
  const mine = ++turn;
  const line = element.querySelector('.lapel-line.notice');
  if (!line) return;
  setTimeout(() => {
    if (mine === turn && !line.matches(':hover, :focus-within')) line.hidden = true;
  }, line.querySelector('button') ? 20000 : 7000);
});
