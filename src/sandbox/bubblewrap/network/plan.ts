// Which network sandboxes get, as decided once at start.

export type NetworkPlan = { resolvConf: string } & (
  | { mode: 'none' | 'host' }
  /** A pair of interfaces per sandbox, routed and masqueraded by this machine. */
  | ({ mode: 'nat'; by: 'veth' } & VethPlan)
  /** A pasta process per sandbox, which carries its connections. */
  | { mode: 'nat'; by: 'pasta' }
);

export interface VethPlan {
  /** First two numbers of the /16 that sandboxes have their addresses from, e.g. `10.87`. */
  range: string;
  /** Interfaces of the default routes. */
  uplinks: string[];
  /** Addresses of this machine at which it serves DNS, the one thing of it that sandboxes may reach. */
  ownNameservers: string[];
}
