// What a driver needs of the machine to limit, stop and measure the processes of one sandbox.

export interface Meter {
  /** Hard limit on all memory that the machine charges to the sandbox, where there is such a thing. */
  limitMemory(bytes: number): void;
  /** Share of the processor against other sandboxes when there is not enough, in vCPUs. */
  weighCpu(cores: number): void;
  /** Upper limit in vCPUs; null for none. */
  limitCpu(cores: number | null): void;
  freeze(): void;
  thaw(): void;
  /** Memory that programs hold themselves (anonymous pages), in bytes; 0 when they are gone. */
  anonymousBytes(): number;
  /** Processes and threads, with those that have ended and that nobody has waited for. */
  tasks(): number;
  /** Lets go of what it holds of the machine. */
  close(): void;
}
