import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Context } from '../../core/context.js';
import { findInstance, instanceObject, updateInstance } from '../../core/instances/index.js';
import { isRecord } from '../../core/value-form.js';
import type { ServerWorld } from '../world.js';
import { guards, targetId } from './caller.js';
import { CONFIGURATION_KEYS, type ConfigurationKey, configurationKey } from './configuration-keys.js';
import { checkElement } from './element.js';
import { ApiError } from './errors.js';
import { operation } from './operation.js';
import { ONE_INSTANCE } from './places.js';
import { CONFIGURATION_CHANGE, CONFIGURATION_ENTRY } from './shapes.js';

/** One key of an instance's configuration with its value; null: not set. Secrets are masked. */
type Entry = ConfigurationKey & { propertyValue: string | null };

type Values = Readonly<Record<string, string>>;

/** An instance's configuration key by key. */
export function registerConfiguration(app: FastifyInstance, { ctx, access, allowPrivate }: ServerWorld): void {
  for (const place of ONE_INSTANCE) {
    const { url, caller } = place;
    const described = { tag: 'instances', caller } as const;
    const path = { ...place.path, configId: 'The number of the key: the same in every instance' };
    const onRequest = [guards(access)[caller], checkElement];
    const all = operation({
      ...described,
      path: place.path,
      summary: 'The configuration of an instance, key by key',
      description: 'Keys that could be set are there too, with null. Secrets are read back as ********.',
      answer: { type: 'array', items: CONFIGURATION_ENTRY },
    });
    app.get(`${url}/configuration`, { onRequest, schema: all }, async (request) =>
      entriesOf(await valuesOf(ctx, targetId(request))),
    );

    const one = operation({ ...described, path, summary: 'One key of the configuration', answer: CONFIGURATION_ENTRY });
    app.get(`${url}/configuration/:configId`, { onRequest, schema: one }, async (request) =>
      meant(request, await valuesOf(ctx, targetId(request))),
    );

    const change = operation({
      ...described,
      path,
      summary: 'Change one key of the configuration',
      description: 'propertyValue alone counts; whatever else an entry has may be sent along.',
      body: CONFIGURATION_CHANGE,
      answer: CONFIGURATION_ENTRY,
    });
    app.patch(`${url}/configuration/:configId`, { onRequest, schema: change }, async (request) => {
      const id = targetId(request);
      const { key } = meant(request, await valuesOf(ctx, id));
      const patch = { configuration: { [key]: newValue(request.body) } };
      const { document } = await updateInstance(ctx, id, patch, { allowPrivate });
      return entry(key, instanceObject(document).configuration);
    });
  }
}

async function valuesOf(ctx: Context, id: number): Promise<Values> {
  return instanceObject(await findInstance(ctx, String(id))).configuration;
}

/** What may be configured first, in its order, then what was brought beside it. */
function entriesOf(values: Values): Entry[] {
  const keys = new Set([...CONFIGURATION_KEYS.map(({ key }) => key), ...Object.keys(values)]);
  return [...keys].map((key) => entry(key, values));
}

function entry(key: string, values: Values): Entry {
  return { ...configurationKey(key), propertyValue: values[key] ?? null };
}

function meant(request: FastifyRequest, values: Values): Entry {
  const { configId } = request.params as { configId: string };
  const found = entriesOf(values).find(({ id }) => String(id) === configId);
  if (found === undefined) throw new ApiError(404, `this instance has no configuration "${configId}"`);
  return found;
}

function newValue(body: unknown): unknown {
  if (isRecord(body) && body['propertyValue'] !== undefined) return body['propertyValue'];
  throw new ApiError(400, 'the body is refused: propertyValue is missing; accepted: the new value, null to remove it');
}
