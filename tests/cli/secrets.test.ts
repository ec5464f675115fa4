import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../support/cli.js';
import { REDIRECT, SECRET_MARK, startWorld, type World } from '../support/setup.js';

describe('secrets', () => {
  let world: World;
  beforeEach(async () => {
    const client = {
      clientId: '123-a.apps.googleusercontent.com',
      clientSecret: `${SECRET_MARK}-client`,
      type: 'web' as const,
    };
    world = await startWorld({ clients: [{ ...client, redirectUris: [REDIRECT] }] });
  });
  afterEach(() => world.close());

  /** Every token and key that the store holds by now. */
  function stored(): string[] {
    const folder = join(world.home, 'accounts');
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    return texts.flatMap((text) => {
      const { refreshToken, accessToken } = JSON.parse(text) as Record<string, string>;
      return [refreshToken, accessToken].filter((token): token is string => typeof token === 'string' && token !== '');
    });
  }

  it('never appear on stdout or stderr, whatever is done and whatever goes wrong', async () => {
    const said: string[] = [];
    const cli = async (args: string[], stdin?: string) => {
      const result = await world.cli(args, stdin);
      said.push(result.stdout, result.stderr);
      return result;
    };
    const secrets = {
      'event.notification.signature.key': `${SECRET_MARK}-signature`,
      'event.notification.basic.username': 'ann',
      'event.notification.basic.password': `${SECRET_MARK}-password`,
      'event.notification.signing.secret': `whsec_${Buffer.from(`${SECRET_MARK} and twenty-four bytes`).toString('base64')}`,
      'event.notification.callback.headers': { 'X-Key': `${SECRET_MARK}-header` },
    };
    const body = world.body({ configuration: secrets });
    const made = await cli(['create-instance', '--json', '--verbose', '--body', '-'], JSON.stringify(body));
    expect(made.code).toBe(0);
    // The same code again, a malformed body, a wrong type in a secret's place.
    await cli(['create-instance', '--json', '--verbose', '--body', '-'], JSON.stringify(body));
    await cli(['create-instance', '--verbose', '--body', '-'], JSON.stringify(body).slice(0, -40));
    await cli(
      ['create-instance', '--body', '-'],
      JSON.stringify(world.body({ configuration: { 'oauth.api.secret': [`${SECRET_MARK}-list`] } })),
    );
    await cli(['instances', 'show', '1', '--json']);
    await cli(['instances', 'list']);
    await cli(['auth', 'list', '--json']);
    await cli(['auth', 'check', '--verbose']);
    world.sandbox.mailbox().receive();
    for (const kind of ['unauthorized401', 'insufficientScope403', 'html502', 'truncatedJson'] as const) {
      world.sandbox.addFault({ method: 'history.list', kind, times: 6 });
      await cli(['poll', '--json', '--verbose']);
      world.sandbox.clearFaults();
    }
    world.receiver.respond({ redirect: 'http://example.com/' });
    await cli(['poll', '--verbose']);
    await cli(['events', 'list', '--json']);
    world.sandbox.revoke();
    world.sandbox.expireAccessTokens();
    await cli(['poll', '--json', '--verbose']);
    await cli(['status', '--json']);
    const tokens = stored();
    expect(tokens.length).toBeGreaterThan(0);
    await cli(['auth', 'revoke', 'ann@example.com', '--yes', '--verbose']);

    // The proof that the search below can find something: the token is shown at creation, and only there.
    const { token } = JSON.parse(made.stdout) as { token: string };
    const all = said.join('\n');
    expect(all.split(token)).toHaveLength(2);
    for (const secret of [SECRET_MARK, Buffer.from(SECRET_MARK).toString('base64').slice(0, 7), ...tokens]) {
      expect(all).not.toContain(secret);
    }
    const { code } = body['providerData'] as { code: string };
    expect(all).not.toContain(code);
  }, 60_000);

  it('of a failed consent stay out of sight', async () => {
    const file = join(world.home, '..', 'client.json');
    writeFileSync(file, world.sandbox.clientSecretFile());
    const auth = world.start(['auth', '--client-secret-file', file, '--manual', '--verbose'], null);
    await until('the URL', () => auth.stderr().includes('redirect_uri='));
    auth.child.stdin?.end(`${REDIRECT}?state=wrong&code=${SECRET_MARK}-code\n`);
    const result = await auth.result;
    expect(result.code).not.toBe(0);
    expect(result.stdout + result.stderr).not.toContain(SECRET_MARK);
  });
});
