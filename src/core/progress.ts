/** What a long piece of work is about to do or has just done, for whoever shows it. */
export type Step =
  /** So many instances are about to be polled, or notifications to be sent. */
  | { kind: 'begun'; instances: number }
  | { kind: 'begun'; notifications: number }
  /** One notification of an instance was attempted; whether it arrived. */
  | { kind: 'attempted'; instanceId: number; delivered: boolean }
  /** So many messages of an instance's gap have been recovered until now. */
  | { kind: 'recovered'; instanceId: number; messages: number }
  /** One instance of a run is done with. */
  | { kind: 'done'; instanceId: number };
