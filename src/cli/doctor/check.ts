// One thing that `lambent doctor` looked at.

export interface Check {
  name: string;
  /** `lacking`: functions run without it, less well; `bad`: they cannot run. */
  state: 'good' | 'lacking' | 'bad';
  /** What was found. */
  value: string;
  /** How to get what is missing. */
  remedy?: string;
}
