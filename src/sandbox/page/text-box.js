/** A box that grows with its text, sends on Enter and breaks the line on Shift+Enter. `send` says whether it was taken. */
export function startTextBox(form, box, send) {
  const fit = () => {
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  };
  box.addEventListener('input', fit);
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return;
    fill('');
    // Whoever typed on meanwhile keeps that.
    if (!(await send(text)) && box.value === '') fill(text);
  });

  function fill(text) {
    box.value = text;
    box.dispatchEvent(new Event('input'));
  }
  return { fill };
}
