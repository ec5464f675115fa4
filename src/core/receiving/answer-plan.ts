/** How a test receiver answers: all requests alike, or only the first ones badly. */
export interface AnswerRules {
  /** Without it 200, and 401 where a signature does not hold: what a receiver should do. */
  status?: number;
  /** No answer at all. */
  hang?: boolean;
  /** Only so many requests are answered badly: by `status` when it is no 2xx, by `hang`, else by 500. */
  failFirst?: number;
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** The status for request number `number` (from 1); null: none, the connection hangs. */
export function plannedStatus(rules: AnswerRules, number: number, verified: boolean | null): number | null {
  const { status, hang = false, failFirst } = rules;
  const usual = verified === false ? 401 : 200;
  if (failFirst === undefined) return hang ? null : (status ?? usual);
  if (number <= failFirst) {
    if (hang) return null;
    return status === undefined || isSuccess(status) ? 500 : status;
  }
  return status !== undefined && isSuccess(status) ? status : usual;
}
