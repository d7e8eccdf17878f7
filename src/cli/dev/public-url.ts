// A function URL that everybody may call, for the time of development.
import type { LambdaClient } from '@aws-sdk/client-lambda';

/** The URL of a function, made when it has none; one that is there stays as it is. */
export async function publicUrl(lambda: LambdaClient, FunctionName: string): Promise<string> {
  const sdk = await import('@aws-sdk/client-lambda');
  try {
    return (await lambda.send(new sdk.GetFunctionUrlConfigCommand({ FunctionName }))).FunctionUrl!;
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
  }
  const permissions = [
    { StatementId: 'FunctionURLAllowPublicAccess', Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
    { StatementId: 'FunctionURLAllowInvoke', Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
  ] as const;
  for (const permission of permissions) {
    try {
      await lambda.send(new sdk.AddPermissionCommand({ FunctionName, Principal: '*', ...permission }));
    } catch (error) {
      if ((error as Error).name !== 'ResourceConflictException') throw error;
    }
  }
  const made = await lambda.send(new sdk.CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }));
  return made.FunctionUrl!;
}
