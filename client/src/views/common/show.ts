/** Bring an experiment's card into sight, and the keyboard to its heading. */
export function showExperiment(id: string): void {
  const heading = document.getElementById(`experiment-${id}`);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}
