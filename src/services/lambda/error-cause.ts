// The cause of a segment, from the error that a function ended with.

export interface ErrorCause {
  working_directory: string;
  paths: string[];
  exceptions: {
    id: string;
    message: string;
    type: string;
    remote: boolean;
    stack?: StackFrame[];
  }[];
}

interface StackFrame {
  path: string;
  line: number;
  label: string;
}

/** How much of a stack is told. */
const mostFrames = 50;
const longestMessage = 4_096;

const nodeFrame = /^\s*at (?:(.*?) \()?(?:file:\/\/)?([^()]+?):(\d+)(?::\d+)?\)?$/;
const pythonFrame = /^\s*File "([^"]+)", line (\d+), in (\S+)/;

/** undefined where the payload tells no error. `newId` makes ids of exceptions. */
export function errorCause(payload: Buffer, newId: () => string): ErrorCause | undefined {
  let error: { errorType?: unknown; errorMessage?: unknown; trace?: unknown; stackTrace?: unknown };
  try {
    error = JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
  if (typeof error !== 'object' || error === null || error.errorMessage === undefined) return undefined;
  const stack = framesOf(error.trace ?? error.stackTrace);
  const exception = {
    id: newId(),
    message: String(error.errorMessage).slice(0, longestMessage),
    type: String(error.errorType ?? 'Error').slice(0, longestMessage),
    remote: false,
    ...(stack.length === 0 ? {} : { stack }),
  };
  return {
    working_directory: '/var/task',
    paths: [...new Set(stack.map(({ path }) => path))],
    exceptions: [exception],
  };
}

function framesOf(lines: unknown): StackFrame[] {
  if (!Array.isArray(lines)) return [];
  return lines.slice(0, mostFrames).flatMap((line) => {
    const node = nodeFrame.exec(String(line));
    if (node !== null) return [{ path: node[2]!, line: Number(node[3]), label: node[1] ?? 'anonymous' }];
    const python = pythonFrame.exec(String(line));
    return python === null ? [] : [{ path: python[1]!, line: Number(python[2]), label: python[3]! }];
  });
}
