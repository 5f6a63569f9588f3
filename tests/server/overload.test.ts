import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { RequestRefused } from '../../src/server/http/problems.ts';
import { refuseWhenOverloaded } from '../../src/server/ingest/overload.ts';

const asked = null;
function reply() {
  const raw = new EventEmitter();
  return { reply: { raw }, close: () => raw.emit('close') };
}

describe('an overloaded server', () => {
  it('takes six hundred exchanges at once and sends the next away, to come back later', async () => {
    const hook = refuseWhenOverloaded(() => 0.5);
    for (let place = 0; place < 600; place += 1) await hook(asked, reply().reply);
    const refusal: unknown = await hook(asked, reply().reply).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RequestRefused);
    expect(refusal).toMatchObject({ status: 503, problem: { code: 'server.busy' }, retryAfterSeconds: 18 });
  });

  it('takes another as soon as one is over, whether it was answered or broke off', async () => {
    const hook = refuseWhenOverloaded();
    const first = reply();
    await hook(asked, first.reply);
    for (let place = 1; place < 600; place += 1) await hook(asked, reply().reply);
    await expect(hook(asked, reply().reply)).rejects.toBeInstanceOf(RequestRefused);
    first.close();
    await expect(hook(asked, reply().reply)).resolves.toBeUndefined();
    await expect(hook(asked, reply().reply)).rejects.toBeInstanceOf(RequestRefused);
  });
});
