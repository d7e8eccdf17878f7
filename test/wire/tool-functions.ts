// The functions that boto3 and the AWS CLI are let create: one for each runtime family.

export interface ToolFunction {
  runtime: string;
  handler: string;
  file: string;
  /** Says `one`, which tests replace by `two`. */
  source: string;
}

export const toolFunctions: readonly ToolFunction[] = [
  {
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    file: 'index.mjs',
    source: 'export const handler = async (event) => { console.log("says one"); return { event, text: "one" }; };',
  },
  {
    runtime: 'python3.12',
    handler: 'app.handler',
    file: 'app.py',
    source: 'def handler(event, context):\n    print("says one")\n    return {"event": event, "text": "one"}\n',
  },
];
