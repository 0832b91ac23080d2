// What takes the place of something else is seen from its top.
const fromTop = () => {
  if (element.textContent && element.getBoundingClientRect().top < 0) element.scrollIntoView({ block: 'start' });
};
watch('value', fromTop);
fromTop();
