import type { z } from 'zod';
import { publishAnswer } from '../contract/console.ts';
import type { Policy } from '../contract/policy.ts';
import { askServer } from './operator-request.ts';

/**
 * Sends a policy to the central endpoint of this computer.
 * @throws Error in one sentence when it is not running, refuses, or its token cannot be read.
 */
export function publishTo(
  policy: Policy,
  options: { server?: string; state?: string; insteadOf?: string },
): Promise<z.infer<typeof publishAnswer>> {
  return askServer(
    {
      method: 'POST',
      path:
        options.insteadOf === undefined
          ? '/v1/policies'
          : `/v1/policies?insteadOf=${encodeURIComponent(options.insteadOf)}`,
      body: policy,
      answer: publishAnswer,
      otherwise: 'Nothing was published.',
    },
    options,
  );
}
