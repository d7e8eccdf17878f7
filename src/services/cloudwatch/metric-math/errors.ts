// What is wrong with an expression.

/** The expression cannot be read or evaluated; the message says why. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

export const invalidSyntax = () => new ExpressionError('Invalid syntax');
