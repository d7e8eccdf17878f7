// Resources of policies: ARNs, with IAM's own ideas about which parts they may have.

const partitions = /^(aws|aws-cn|aws-us-gov|aws-eusc|aws-iso(-[a-z])?|\*|\$\{.*)$/;

const iamPaths = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** What is wrong with a resource, in IAM's words; undefined when nothing is. */
export function resourceFault(resource: string): string | undefined {
  if (resource === '*') return undefined;
  const [, partition, service, region = '', account = '', ...rest] = resource.split(':');
  if (partition === undefined) return `Resource ${resource} must be in ARN format or "*".`;
  if (!partitions.test(partition)) {
    const others = service === undefined ? [] : resource.split(':').slice(2);
    const parts = [...others.slice(0, 3), ...(others.length > 3 ? [others.slice(3).join(':')] : [])];
    // A lone empty part is told as a star, as missing ones are.
    if (parts.length === 1 && parts[0] === '') parts.pop();
    const told = [...parts, '*', '*', '*', '*'].slice(0, 4).join(':');
    return `Partition "${partition}" is not valid for resource "arn:${partition}:${told}".`;
  }
  if (service === undefined) return 'Resource vendor must be fully qualified and cannot contain regexes.';
  const path = rest.join(':');
  const regional = region !== '' && !region.includes('*') && resource.split(':').length > 5;
  if (service === 'iam') {
    if (regional) return `IAM resource ${resource} cannot contain region information.`;
    if (rest.length > 0 && !isIamPath(path)) {
      return `IAM resource path must either be "*", root, or start with ${iamPaths.join(', ')}.`;
    }
  }
  // Access points, jobs and their kind do have a region, and then an account too.
  if (service === 's3' && regional && account === '') {
    return `Resource ${resource} can not contain region information.`;
  }
  return undefined;
}

/** What IAM's older parser demands of a resource that is well formed otherwise. */
export function isLegacyResource(resource: string): boolean {
  if (resource === '*') return true;
  const parts = resource.split(':');
  return parts[2] !== '' && (parts.length > 5 || !resource.includes('::'));
}

function isIamPath(path: string): boolean {
  const first = path.split('/')[0]!;
  return path === 'root' || /[*?$]/.test(first) || iamPaths.some((start) => path.startsWith(start));
}
