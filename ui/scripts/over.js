// A line that tells of a job goes when the job is over: its card says what came of it.
watch('value', () => setTimeout(() => {
  for (const line of document.querySelectorAll('.lapel-line[data-job]')) {
    const job = element.querySelector(`li[data-job="${CSS.escape(line.dataset.job)}"]`);
    line.hidden = !job || !job.matches('.waiting, .running');
  }
}, 300));
