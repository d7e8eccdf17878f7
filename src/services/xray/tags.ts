// Tags of groups and sampling rules.
import { resourceNotFound, systemTag, tooManyTags } from './errors.ts';
import { groupArn } from './groups.ts';
import { limits } from './limits.ts';
import { ruleArn } from './sampling-rule.ts';
import type { ResourceRecord } from './store/resources.ts';
import type { Owner, XRay } from './xray.ts';

export type Tags = Record<string, string>;

type GivenTag = { Key: string | undefined; Value: string | undefined };

/** `tags` with `given` put over them. Throws for AWS's own prefix, and above fifty. */
export function withTags(tags: Readonly<Tags>, given: readonly GivenTag[] = []): Tags {
  const result = { ...tags };
  for (const { Key, Value } of given) {
    if (/^aws:/i.test(Key!)) throw systemTag();
    result[Key!] = Value!;
  }
  if (Object.keys(result).length > limits.tagsPerResource) throw tooManyTags(limits.tagsPerResource);
  return result;
}

/** The group or rule of an ARN. Throws ResourceNotFoundException. */
export function taggedResource({ resources }: Pick<XRay, 'resources'>, owner: Owner, arn: string): ResourceRecord {
  const match = /:(group|sampling-rule)\/([^/]+)(?:\/[^/]+)?$/.exec(arn);
  const found = match && resources.get(owner, match[1] === 'group' ? 'group' : 'rule', match[2]!);
  if (!found || arnOf(owner, found) !== arn) throw resourceNotFound(arn);
  return found;
}

function arnOf(owner: Owner, resource: ResourceRecord): string {
  return resource.kind === 'group' ? groupArn(owner, resource) : ruleArn(owner, resource.name);
}

/** Keeps what `change` makes of a resource's tags. Throws ResourceNotFoundException. */
export async function changeTags(xray: XRay, owner: Owner, arn: string, change: (tags: Tags) => Tags): Promise<void> {
  const { kind, name } = taggedResource(xray, owner, arn);
  await xray.resources.change(owner, kind, name, (resource) => {
    if (resource === undefined) throw resourceNotFound(arn);
    return { ...resource, tags: change(resource.tags) };
  });
}
