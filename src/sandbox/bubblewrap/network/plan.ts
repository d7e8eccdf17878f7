// Which network sandboxes get, as decided once at start.

export interface NetworkPlan {
  mode: 'none' | 'nat' | 'host';
  /** How `nat` is made: a routed pair of interfaces per sandbox (root), or one pasta process per sandbox. */
  nat?: 'veth' | 'pasta';
  /** Contents of the sandboxes' /etc/resolv.conf. */
  resolvConf: string;
}
