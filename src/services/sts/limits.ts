// Limits of STS, https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html and API_GetSessionToken.html.

export const limits = {
  assumeRoleDefaultSeconds: 3_600,
  /** A role's session that assumes another role, https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html. */
  chainedRoleMaxSeconds: 3_600,
  sessionTokenDefaultSeconds: 43_200,
} as const;
