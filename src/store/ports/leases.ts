/** Leases: who may poll, deliver, or change what, across processes. */
export type LeaseName = `poll:${number}` | `deliver:${number}` | `account:${string}` | 'settings' | 'rekey';

export interface Lease {
  readonly name: LeaseName;
  /** Grows by one at every change of holder: a transaction of an earlier holder is refused. */
  readonly fence: number;
  /** Held beside it: every transaction under this lease checks both. */
  readonly beside?: Lease;
}

export interface Leases {
  /**
   * null while another living holder has it. 30 s after its last renewal anyone may take a lease; at once when holder
   * and taker share boot id and pid namespace and that process (pid and start time) no longer exists. A renewal time
   * more than 60 s ahead counts as expired.
   */
  acquire(name: LeaseName): Promise<Lease | null>;
  /** Throws LeaseLostError when another has taken it. Renewed every 10 s by whoever works under it. */
  renew(lease: Lease): Promise<void>;
  /** Throws LeaseLostError when the fence is no longer ours. Whether the lease is wanted, as below. */
  check(lease: Lease): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  /** Marks the lease as wanted by a command that changes the instance: its holder yields at its next commit or attempt. */
  want(name: LeaseName): Promise<void>;
  wanted(lease: Lease): Promise<boolean>;
}
