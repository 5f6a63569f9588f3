import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  accessPaths,
  addPasskey,
  backupCodes,
  confirmTotp,
  done,
  newBackupCodes,
  ownAccount,
  passkeyOptions,
  setPassword,
  startedTotp,
  startTotp,
} from '../../contract/console-access.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import { checkOwnPassword, endOwnSession, noteOwn, readAccount, removePasskey, setOwnPassword } from './account.ts';
import { webHeaders } from './request-headers.ts';
import { withCookies } from './routes.ts';
import { signedInUser } from './signed-in-user.ts';
import type { SignInDesk } from './sign-in.ts';
import { answerOf } from './telling-faults.ts';

const tags = ['console'];
/** One's own account can be seen and set up before anything else can be done. */
const own = { access: 'session', permission: 'signedIn', duringSetUp: true, area: 'account' } as const;
const byId = z.object({ id: z.string().min(1).max(200) });

const wrongCode = () =>
  new RequestRefused(400, {
    code: 'account.wrongCode',
    detail: 'This is not the code the app shows now. Look again, and check that the phone’s clock is right.',
    field: 'code',
  });

/** What somebody does with their own account. */
export function accountRoutes(app: FastifyInstance, desk: SignInDesk): void {
  const { context, administrators } = desk;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    accessPaths.account,
    {
      config: own,
      schema: {
        tags,
        summary: 'One’s own account: ways to sign in, and where one is signed in',
        response: { 200: ownAccount, ...refusals(401) },
      },
    },
    (request) => readAccount(desk, signedInUser(request), webHeaders(request)),
  );
  routes.put(
    accessPaths.accountPassword,
    {
      config: own,
      schema: {
        tags,
        summary: 'Set or change one’s own password',
        body: setPassword,
        response: { 200: done, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request) => {
      const given = { ...request.body, address: request.ip };
      await setOwnPassword(desk, signedInUser(request), webHeaders(request), given);
      return {};
    },
  );
  routes.post(
    accessPaths.accountTotp,
    {
      config: own,
      schema: {
        tags,
        summary: 'Begin to add an authenticator app',
        body: startTotp,
        response: { 200: startedTotp, ...refusals(400, 401, 403, 409, 429, 503) },
      },
    },
    async (request) => {
      const { password } = request.body;
      await checkOwnPassword(desk, signedInUser(request), { password, address: request.ip }, 'password');
      const answer = await answerOf(context.store, () =>
        administrators()
          .on()
          .api.enableTwoFactor({ body: { password, method: 'totp' }, headers: webHeaders(request), asResponse: true }),
      );
      const started = z
        .object({ totpURI: z.string(), backupCodes: z.array(z.string()) })
        .safeParse(await answer.json());
      if (!started.success) {
        throw new RequestRefused(409, {
          code: 'account.totpAdded',
          detail: 'You have an authenticator app already. An administrator can reset it if your phone is lost.',
        });
      }
      const { totpURI: otpauthUri, backupCodes: codes } = started.data;
      return { otpauthUri, secret: new URL(otpauthUri).searchParams.get('secret') ?? '', backupCodes: codes };
    },
  );
  routes.post(
    accessPaths.accountTotpConfirm,
    {
      config: own,
      schema: {
        tags,
        summary: 'Confirm the authenticator app with a code it shows',
        body: confirmTotp,
        response: { 200: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      const user = signedInUser(request);
      const cookies = await context.store.transaction().execute(async (transaction) => {
        const { code } = request.body;
        const answer = await answerOf(transaction, () =>
          administrators()
            .on(transaction)
            .api.verifyTOTP({ body: { code }, headers: webHeaders(request), asResponse: true }),
        );
        if (!answer.ok) throw wrongCode();
        await noteOwn(transaction, desk, user, 'account.totpAdded');
        return answer.headers.getSetCookie();
      });
      return withCookies(reply, cookies).send({});
    },
  );
  routes.post(
    accessPaths.accountBackupCodes,
    {
      config: own,
      schema: {
        tags,
        summary: 'Make new backup codes; the old ones no longer work',
        body: newBackupCodes,
        response: { 200: backupCodes, ...refusals(400, 401, 403, 409, 429, 503) },
      },
    },
    async (request) => {
      const user = signedInUser(request);
      const { password } = request.body;
      await checkOwnPassword(desk, user, { password, address: request.ip }, 'password');
      const answer = await answerOf(context.store, () =>
        administrators()
          .on()
          .api.generateBackupCodes({ body: { password }, headers: webHeaders(request), asResponse: true }),
      );
      if (!answer.ok) {
        throw new RequestRefused(409, { code: 'account.noTotp', detail: 'Add an authenticator app first.' });
      }
      await context.store
        .transaction()
        .execute((transaction) => noteOwn(transaction, desk, user, 'account.backupCodesMade'));
      return backupCodes.parse(await answer.json());
    },
  );
  passkeyRoutes(app, desk);
  routes.post(
    accessPaths.accountSessionEnd,
    {
      config: own,
      schema: {
        tags,
        summary: 'End one of one’s own sessions',
        params: byId,
        response: { 200: done, ...refusals(401, 403, 404, 503) },
      },
    },
    async (request) => {
      await endOwnSession(desk, signedInUser(request), request.params.id);
      return {};
    },
  );
}

function passkeyRoutes(app: FastifyInstance, desk: SignInDesk): void {
  const { context, administrators } = desk;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    accessPaths.accountPasskeyOptions,
    {
      config: own,
      schema: {
        tags,
        summary: 'What to ask the authenticator for a new passkey',
        response: { 200: passkeyOptions, ...refusals(401, 403, 503) },
      },
    },
    async (request, reply) => {
      const answer = await answerOf(context.store, () =>
        administrators()
          .on()
          .api.generatePasskeyRegistrationOptions({ headers: webHeaders(request), asResponse: true }),
      );
      return withCookies(reply, answer.headers.getSetCookie()).send(passkeyOptions.parse(await answer.json()));
    },
  );
  routes.post(
    accessPaths.accountPasskeys,
    {
      config: own,
      schema: {
        tags,
        summary: 'Add a passkey',
        body: addPasskey,
        response: { 200: done, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const user = signedInUser(request);
      const { name, response } = request.body;
      await context.store.transaction().execute(async (transaction) => {
        const answer = await answerOf(transaction, () =>
          administrators()
            .on(transaction)
            .api.verifyPasskeyRegistration({
              body: { name, response },
              headers: webHeaders(request),
              asResponse: true,
            }),
        );
        if (!answer.ok) {
          throw new RequestRefused(400, {
            code: 'account.badPasskey',
            detail:
              'This passkey could not be added: it took too long, or it did not ask for a PIN, finger or face. Try again.',
            field: 'response',
          });
        }
        await noteOwn(transaction, desk, user, 'account.passkeyAdded', { name });
      });
      return {};
    },
  );
  routes.post(
    accessPaths.accountPasskeyRemove,
    {
      config: own,
      schema: {
        tags,
        summary: 'Remove one of one’s own passkeys',
        params: byId,
        response: { 200: done, ...refusals(401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await removePasskey(desk, signedInUser(request), request.params.id);
      return {};
    },
  );
}
