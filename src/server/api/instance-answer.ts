import type { Context } from '../../core/context.js';
import {
  type CreatedInstance,
  describeInstance,
  describeInstances,
  ELEMENT_ID,
  type InstanceObject,
  instanceObject,
} from '../../core/instances/index.js';
import type { InstanceDocument } from '../../core/types.js';

/** The instance object as the API answers it: with its token, as the old service did, and the element's number. */
export type InstanceAnswer = InstanceObject & { element: { id: number } };

/** What a list is made of where its caller wants no more: its instances' own files tell it all. */
export type ShortAnswer = Pick<
  InstanceAnswer,
  'id' | 'name' | 'token' | 'createdDate' | 'elementId' | 'element' | 'tags' | 'disabled'
>;

export async function answerFor(ctx: Context, document: InstanceDocument): Promise<InstanceAnswer> {
  return withElement(await describeInstance(ctx, document, { showToken: true }));
}

export async function answersFor(ctx: Context, documents: readonly InstanceDocument[]): Promise<InstanceAnswer[]> {
  return (await describeInstances(ctx, documents, { showToken: true })).map(withElement);
}

/** Its grant was tried a moment ago. */
export function createdAnswer({ document, email }: CreatedInstance): InstanceAnswer {
  return withElement(instanceObject(document, { showToken: true, email }));
}

export function shortAnswer(document: InstanceDocument): ShortAnswer {
  const { id, name, token, createdDate, elementId, element, tags, disabled } = withElement(
    instanceObject(document, { showToken: true }),
  );
  return { id, name, token, createdDate, elementId, element, tags, disabled };
}

function withElement(object: InstanceObject): InstanceAnswer {
  return { ...object, element: { id: ELEMENT_ID, ...object.element } };
}
