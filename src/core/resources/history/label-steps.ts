/** What one record of history did to the labels of one message. */
export interface LabelStep {
  added: string[];
  removed: string[];
}

/** Labels after the step, reckoned from labels that may or may not hold it already. */
export function apply(labels: readonly string[], step: LabelStep): string[] {
  return shift(labels, step.removed, step.added);
}

/** Labels before the step, reckoned from those after it. */
export function undo(labels: readonly string[], step: LabelStep): string[] {
  return shift(labels, step.added, step.removed);
}

/** Labels before each step and after the last one, reckoned back from those at the end. */
export function statesBefore(end: readonly string[], steps: readonly LabelStep[]): string[][] {
  const states = [[...end]];
  for (const step of steps.toReversed()) states.unshift(undo(states[0] ?? [], step));
  return states;
}

/** A label that one record both takes and gives is left as it stands: a record tells no order. */
function shift(labels: readonly string[], take: readonly string[], give: readonly string[]): string[] {
  const kept = labels.filter((label) => give.includes(label) || !take.includes(label));
  return [...kept, ...give.filter((label) => !kept.includes(label) && !take.includes(label))];
}
