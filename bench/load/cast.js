/** How a receiver fails; 429 asks for a longer wait than the schedule has. */
const FAILURES = ['500', 'reset', '429', 'hang'];
/** Where it fails: alone and ordered, alone with several in flight, or one endpoint for many instances. */
const MANNERS = ['ordered', 'parallel', 'shared'];
/** Instances that call one shared endpoint. */
const SHARED_BY = 12;

export const RETRY_AFTER_SECONDS = 120;

/**
 * Who takes part: healthy and failing instances mixed evenly, each with its order and the path of its callback. The query
 * names the instance and is no part of the endpoint.
 */
export function castOf({ instances, failing }) {
  const members = [];
  let [healthy, sick] = [0, 0];
  for (let index = 0; index < instances; index += 1) {
    const fails = Math.floor((index + 1) * failing) > Math.floor(index * failing);
    members.push(fails ? sickMember(index, sick++) : healthyMember(index, healthy++));
  }
  return members;
}

function healthyMember(index, number) {
  return { index, kind: 'ok', order: number % 10 === 9 ? 'parallel' : 'ordered', path: `/ok/${index}?i=${index}` };
}

function sickMember(index, number) {
  const kind = FAILURES[number % FAILURES.length];
  const manner = MANNERS[Math.floor(number / FAILURES.length) % MANNERS.length];
  const group = Math.floor(number / (FAILURES.length * MANNERS.length * SHARED_BY));
  const name = manner === 'shared' ? `shared-${group}` : index;
  return { index, kind, order: manner === 'parallel' ? 'parallel' : 'ordered', path: `/${kind}/${name}?i=${index}` };
}
