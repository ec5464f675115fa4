/** Where the core names flags and commands for what is done by another way here. */
const PHRASES: [of: RegExp, here: string][] = [
  [
    /\(gmail-events auth url makes the address that gives one\), or --account of an account that gmail-events auth authorized, or/g,
    '(GET /elements/gmail/oauth/url gives the address that leads to one), or',
  ],
  // What a body lacks may come from the server's own settings, which is no matter of its caller.
  [/, here, by --client-secret-file(?:, in GMAIL_EVENTS_\w+)? or in config\.json/g, ''],
  [/--scope (?=readonly|metadata)/g, 'the scope '],
];

/** A sentence of the core for whoever has a browser or a client of the API, and no command line. */
export function inPlainWords(message: string): string {
  return PHRASES.reduce((text, [of, here]) => text.replace(of, here), message);
}
