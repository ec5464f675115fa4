import type { InstanceObject } from '../core/instances/index.js';

/** The instance object as lines for a person. */
export function instanceText(object: InstanceObject): string {
  const facts: [string, string][] = [
    ['id', String(object.id)],
    ['name', object.name],
    ['account', object.user.emailAddress],
    ['token', object.token],
    ['tags', object.tags.join(', ')],
    ['created', object.createdDate],
    ['events', object.eventsEnabled ? 'on' : 'off'],
    ['disabled', object.disabled ? 'yes' : 'no'],
    ['grant', object.valid ? 'works' : 'needs authorization'],
    ...Object.entries(object.configuration),
  ];
  return facts.map(([name, value]) => `${name}: ${value}`).join('\n');
}
