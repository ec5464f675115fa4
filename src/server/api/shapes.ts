import type { FastifyInstance } from 'fastify';

const text = { type: 'string' };
const number = { type: 'integer' };
const truth = { type: 'boolean' };
const texts = { type: 'array', items: text };
const textOrNull = { type: ['string', 'null'] };

export const INSTANCE = { $ref: 'Instance#' };
/** Of a search; with an Element token, one. */
export const INSTANCES = {
  oneOf: [{ type: 'array', items: { anyOf: [INSTANCE, { $ref: 'ShortInstance#' }] } }, INSTANCE],
};
export const INSTANCE_BODY = { $ref: 'InstanceBody#' };
export const INSTANCE_CHANGES = { $ref: 'InstanceChanges#' };
export const CONFIGURATION_ENTRY = { $ref: 'ConfigurationEntry#' };
export const CONFIGURATION_CHANGE = { $ref: 'ConfigurationChange#' };

/** Keys that every answer with an instance has. */
const SHORT = {
  id: number,
  name: text,
  token: { type: 'string', description: 'The Element token: a secret' },
  createdDate: { type: 'string', format: 'date-time' },
  elementId: number,
  element: { type: 'object', properties: { id: number, key: text, name: text, hub: text } },
  tags: texts,
  disabled: truth,
};

const FULL = {
  ...SHORT,
  valid: { type: 'boolean', description: 'Whether its grant works' },
  configuration: { type: 'object', additionalProperties: text, description: 'Secrets are read back as ********' },
  eventsEnabled: truth,
  eventsNotificationCallbackUrl: textOrNull,
  externalAuthentication: { type: 'string', enum: ['none', 'initial'] },
  user: { type: 'object', properties: { id: number, emailAddress: text, firstName: text, lastName: text } },
};

const CHANGES = {
  name: { type: 'string', description: 'HTML tags are stripped; 1 to 255 characters' },
  tags: { ...texts, description: 'The whole list' },
  externalAuthentication: FULL.externalAuthentication,
  providerData: { type: 'object', properties: { code: { type: 'string', description: 'The grant code' } } },
  element: { type: 'object', properties: { key: { type: 'string', enum: ['gmail'] } } },
};

const DEFINITION = {
  id: number,
  key: text,
  name: text,
  description: text,
  defaultValue: textOrNull,
  type: text,
  displayOrder: number,
  required: truth,
  hideFromConsole: truth,
  active: truth,
  internal: truth,
  groupControl: truth,
  resellerConfig: truth,
  companyConfig: truth,
};

const SHAPES = [
  {
    $id: 'Error',
    type: 'object',
    required: ['message', 'requestId'],
    properties: {
      message: text,
      requestId: text,
      providerMessage: { type: 'string', description: 'What Google said' },
    },
  },
  { $id: 'Instance', type: 'object', required: Object.keys(FULL), properties: FULL },
  { $id: 'ShortInstance', type: 'object', required: Object.keys(SHORT), properties: SHORT },
  {
    $id: 'InstanceBody',
    type: 'object',
    required: ['element', 'name'],
    properties: { ...CHANGES, configuration: { type: 'object', additionalProperties: true } },
  },
  {
    $id: 'InstanceChanges',
    type: 'object',
    properties: {
      ...CHANGES,
      configuration: {
        type: 'object',
        additionalProperties: true,
        description: 'Merged key by key; null removes a key',
      },
    },
  },
  {
    $id: 'PollerRecord',
    type: 'object',
    properties: {
      id: number,
      elementInstanceId: number,
      objectName: { type: 'string', description: 'The name of the resource' },
      lastPolledDate: { type: ['string', 'null'], format: 'date-time', description: 'null: not yet' },
    },
  },
  { $id: 'ConfigurationDefinition', type: 'object', properties: DEFINITION },
  {
    $id: 'ConfigurationChange',
    type: 'object',
    required: ['propertyValue'],
    properties: { propertyValue: { description: 'The new value, any JSON; null removes the key' } },
  },
  {
    $id: 'ConfigurationEntry',
    type: 'object',
    required: ['id', 'key', 'name', 'propertyValue'],
    properties: { ...DEFINITION, propertyValue: { ...textOrNull, description: 'null: not set; ********: a secret' } },
  },
];

/** The shapes that operations refer to by name. They describe; fastify checks and cuts nothing by them. */
export function addShapes(app: FastifyInstance): void {
  // A scope that adds shapes of its own does not inherit these two.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  for (const shape of SHAPES) app.addSchema(shape);
}
